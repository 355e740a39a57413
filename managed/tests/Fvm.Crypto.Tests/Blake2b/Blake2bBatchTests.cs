using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Blake2bBatchTests
{
    private const int LongestLength = 1025;

    private static readonly byte[] Data = [.. Enumerable.Range(0, 9 * LongestLength).Select(static i => (byte)((i * 7) ^ (i >> 8)))];

    [Test]
    public void Batches_of_one_length_equal_single_hashes_for_all_lengths([Values(1, 4, 8)] int lanes)
    {
        RequireLanes(lanes);
        for (int length = 0; length <= LongestLength; length++)
        {
            ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[9];
            for (int i = 0; i < messages.Length; i++)
            {
                messages[i] = Data.AsMemory(i * LongestLength, length);
            }

            AssertEqualsSingle(messages, lanes, $"length {length}");
        }
    }

    [Test]
    public void Batches_of_mixed_lengths_equal_single_hashes([Values(1, 4, 8)] int lanes, [Values(0, 1, 2, 3, 5, 8, 9, 40, 300)] int count)
    {
        RequireLanes(lanes);
        Random random = new(count);
        for (int round = 0; round < 20; round++)
        {
            ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[count];
            for (int i = 0; i < count; i++)
            {
                // Many at the edges of blocks, some of several steps.
                int length = random.Next(4) switch
                {
                    0 => 128 * random.Next(9),
                    1 => Math.Max(0, (128 * random.Next(9)) + random.Next(-1, 2)),
                    2 => random.Next(LongestLength),
                    _ => random.Next(8 * LongestLength),
                };
                messages[i] = Data.AsMemory(random.Next(LongestLength), length);
            }

            AssertEqualsSingle(messages, lanes, $"round {round}");
        }
    }

    [Test]
    public void One_long_message_among_short_ones_is_finished_alone([Values(1, 4, 8)] int lanes)
    {
        RequireLanes(lanes);
        for (int place = 0; place < 9; place++)
        {
            ReadOnlyMemory<byte>[] messages = [.. Enumerable.Range(0, 9).Select(i => (ReadOnlyMemory<byte>)Data.AsMemory(i, i == place ? 8000 : i))];
            AssertEqualsSingle(messages, lanes, $"place {place}");
        }
    }

    [Test]
    public void Messages_in_parts_equal_single_hashes_wherever_they_are_cut([Values(1, 4, 8)] int lanes, [Values(1, 2, 3, 4, 5, 9, 40)] int count)
    {
        RequireLanes(lanes);
        Random random = new(count);
        for (int round = 0; round < 50; round++)
        {
            List<ReadOnlyMemory<byte>> parts = [];
            int[] ends = new int[count];
            byte[][] expected = new byte[count][];
            for (int i = 0; i < count; i++)
            {
                int length = random.Next(3) == 0 ? 128 * random.Next(20) : random.Next(3 * LongestLength);
                ReadOnlyMemory<byte> rest = Data.AsMemory(random.Next(LongestLength), length);
                expected[i] = Blake2b.Hash256(rest.Span);
                while (!rest.IsEmpty)
                {
                    // Many empty and short parts, at the start, at the end and in between.
                    int cut = Math.Min(rest.Length, random.Next(4) switch { 0 => 0, 1 => random.Next(10), 2 => 128, _ => random.Next(LongestLength) });
                    parts.Add(rest[..cut]);
                    rest = rest[cut..];
                }

                parts.AddRange(new ReadOnlyMemory<byte>[random.Next(2)]);
                ends[i] = parts.Count;
            }

            byte[] digests = new byte[count * 32];
            Blake2bBatch.Hash256([.. parts], ends, digests, lanes);
            for (int i = 0; i < count; i++)
            {
                Assert.That(digests.AsSpan(i * 32, 32).SequenceEqual(expected[i]), Is.True, $"round {round}, message {i} of {count}");
            }
        }
    }

    [Test]
    public void Room_for_fewer_digests_than_messages_is_refused() =>
        Assert.That(() => Blake2bBatch.Hash256([default, default], new byte[63]), Throws.ArgumentException);

    private static void AssertEqualsSingle(ReadOnlyMemory<byte>[] messages, int lanes, string what)
    {
        byte[] digests = new byte[messages.Length * 32];
        Blake2bBatch.Hash256(messages, digests, lanes);
        for (int i = 0; i < messages.Length; i++)
        {
            Assert.That(
                digests.AsSpan(i * 32, 32).SequenceEqual(Blake2b.Hash256(messages[i].Span)), Is.True, $"{what}, message {i} of {messages.Length}");
        }
    }

    private static void RequireLanes(int lanes)
    {
        if (lanes > Blake2bLanes.Count)
        {
            Assert.Ignore($"this machine has no vectors of {lanes} lanes");
        }
    }
}
