using System.Runtime.CompilerServices;
using Fvm.Ipld;

namespace Fvm.Sidecar.Tests;

/// <summary>The parts of which guesses are made.</summary>
public sealed class GuessTests
{
    [Test]
    public void A_kind_of_guess_that_is_mostly_wrong_pauses_and_is_tried_again()
    {
        GuessShares shares = new();
        for (int i = 0; i < 200; i++)
        {
            shares.Add(GuessKind.Sibling);
            shares.Add(GuessKind.Path);
            if (i % 2 == 0)
            {
                shares.AddRight(GuessKind.Path);
            }
        }

        int wrong = Enumerable.Range(0, 160).Count(_ => shares.IsWorth(GuessKind.Sibling));
        Assert.That(wrong, Is.EqualTo(10));
        Assert.That(Enumerable.Range(0, 160).Count(_ => shares.IsWorth(GuessKind.Path)), Is.EqualTo(160));

        for (int i = 0; i < 400; i++)
        {
            shares.Add(GuessKind.Sibling);
            shares.AddRight(GuessKind.Sibling);
        }

        Assert.That(shares.IsWorth(GuessKind.Sibling), Is.True, "it became right");
    }

    [Test]
    public void Looking_ahead_pauses_while_there_is_nothing_to_ask_for()
    {
        GuessShares shares = new();
        for (int i = 0; i < 8; i++)
        {
            Assert.That(shares.AreWalksWorth(), Is.True);
            shares.Walked(found: false);
        }

        Assert.That(Enumerable.Range(0, 80).Count(_ => shares.AreWalksWorth()), Is.EqualTo(10));
        shares.Walked(found: true);
        Assert.That(shares.AreWalksWorth(), Is.True);
    }

    [Test]
    public void Nothing_is_looked_for_ahead_while_no_call_asks_for_a_block()
    {
        GuessShares shares = new();
        for (int i = 0; i < 8; i++)
        {
            shares.Walked(found: false);
        }

        Assert.That(Enumerable.Range(0, 100).Count(_ => shares.BeginCall()), Is.EqualTo(16));

        shares.Asked();

        Assert.That(shares.BeginCall(), Is.True);
        Assert.That(shares.AreWalksWorth(), Is.True, "the blocks are others now");
        shares.Asked();
        Assert.That(Enumerable.Range(0, 100).Count(_ => shares.BeginCall()), Is.EqualTo(16));
    }

    [Test]
    public void Guessed_blocks_are_bounded_count_as_bytes_of_the_session_and_leave_half_of_them()
    {
        SessionBytes bytes = new(1 << 20);
        GuessedBlocks blocks = new(bytes);
        for (int i = 0; i < 100; i++)
        {
            byte[] given = GuessOf(i);
            blocks.Add(Cid.Blake2b256(Multicodec.Raw, given), given, GuessKind.Path);
        }

        Assert.That(bytes.Held, Is.EqualTo(512 << 10));
        Cid first = Cid.Blake2b256(Multicodec.Raw, GuessOf(0));
        Assert.That(blocks.TryTake(in first, out byte[]? block, out GuessKind kind), Is.True);
        Assert.That((block!.Length, kind), Is.EqualTo((64 << 10, GuessKind.Path)));
        Assert.That(bytes.Held, Is.EqualTo((512 - 64) << 10));
        Assert.That(blocks.TryTake(in first, out _, out _), Is.False);

        blocks.Clear();
        Assert.That(bytes.Held, Is.Zero);
    }

    [Test]
    public void Of_guessed_blocks_each_is_taken_once_and_only_if_it_is_the_one_of_its_CID([Values(1, 7, 8, 9, 100)] int count)
    {
        SessionBytes bytes = new(64 << 20);
        GuessedBlocks blocks = new(bytes);
        List<(Cid Cid, byte[] Block, bool IsRight)> guesses = [];
        for (int i = 0; i < count; i++)
        {
            byte[] block = [.. GuessOf(i).AsSpan(0, i * 37)];
            Cid cid = (i % 5) switch
            {
                0 => Cid.CreateV1(Multicodec.Raw, MultihashCode.Sha2_256, System.Security.Cryptography.SHA256.HashData(block)),
                1 => Cid.CreateV1(Multicodec.Raw, 0x77, new byte[32]),
                2 => Cid.Blake2b256(Multicodec.DagCbor, [.. block, 0]),
                _ => Cid.Blake2b256(Multicodec.DagCbor, block),
            };
            guesses.Add((cid, block, i % 5 is not (1 or 2)));
            blocks.Add(in cid, block, GuessKind.Again);
        }

        // The unknown hash is the same CID each time: the first of its blocks counts.
        foreach ((Cid cid, byte[] block, bool isRight) in guesses.AsEnumerable().Reverse())
        {
            Assert.That(blocks.TryTake(in cid, out byte[]? taken, out _), Is.EqualTo(isRight));
            Assert.That(taken, isRight ? Is.SameAs(block) : Is.Null);
            Assert.That(blocks.TryTake(in cid, out _, out _), Is.False);
        }

        Assert.That(bytes.Held, Is.Zero);
    }

    [Test]
    public void The_oldest_guessed_blocks_go_when_there_are_too_many()
    {
        SessionBytes bytes = new(64 << 20);
        GuessedBlocks blocks = new(bytes);
        for (int i = 0; i < 100; i++)
        {
            blocks.Add(Cid.Blake2b256(Multicodec.Raw, [(byte)i]), new byte[64 << 10], GuessKind.Path);
        }

        Assert.That(bytes.Held, Is.EqualTo(4 << 20));
        Assert.That(Enumerable.Range(0, 100).Where(i => blocks.TryPeek(Cid.Blake2b256(Multicodec.Raw, [(byte)i]), out _)), Is.EqualTo(Enumerable.Range(36, 64)));
    }

    [Test]
    public void A_guessed_block_that_went_or_was_taken_is_not_held_until_others_are_verified()
    {
        SessionBytes bytes = new(64 << 20);
        GuessedBlocks blocks = new(bytes);
        WeakReference[] early = AddAndTakeOne(blocks);
        Assert.That(bytes.Held, Is.EqualTo(4 << 20));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(early.Count(static block => block.IsAlive), Is.Zero);
        GC.KeepAlive(blocks);
    }

    // The first ones of more than there is room for. Not inlined: no local may keep them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] AddAndTakeOne(GuessedBlocks blocks)
    {
        List<WeakReference> early = [];
        for (int i = 0; i < 100; i++)
        {
            byte[] block = GuessOf(i);
            blocks.Add(Cid.CreateV1(Multicodec.Raw, MultihashCode.Sha2_256, System.Security.Cryptography.SHA256.HashData(block)), block, GuessKind.Path);
            if (i < 30)
            {
                early.Add(new WeakReference(block));
            }
        }

        byte[] last = GuessOf(100);
        Cid cid = Cid.CreateV1(Multicodec.Raw, MultihashCode.Sha2_256, System.Security.Cryptography.SHA256.HashData(last));
        blocks.Add(in cid, last, GuessKind.Path);
        Assert.That(blocks.TryTake(in cid, out _, out _), Is.True);
        early.Add(new WeakReference(last));
        byte[] filler = GuessOf(101);
        blocks.Add(Cid.Blake2b256(Multicodec.Raw, filler), filler, GuessKind.Path);
        return [.. early];
    }

    private static byte[] GuessOf(int number)
    {
        byte[] block = new byte[64 << 10];
        BitConverter.TryWriteBytes(block, number);
        return block;
    }

    [Test]
    public void Of_known_blocks_the_last_ones_are_remembered()
    {
        KnownBlocks known = new(1 << 15);
        Cid kept = Cid.Blake2b256(Multicodec.Raw, "kept"u8);
        known.Add(in kept);
        Cid first = Cid.Blake2b256(Multicodec.Raw, BitConverter.GetBytes(0));
        for (int i = 0; i < 100_000; i++)
        {
            known.Add(Cid.Blake2b256(Multicodec.Raw, BitConverter.GetBytes(i)));
            Assert.That(known.Contains(in kept), Is.True);
        }

        Assert.That(known.Contains(in first), Is.False);
        Assert.That(known.Contains(Cid.Blake2b256(Multicodec.Raw, BitConverter.GetBytes(99_999))), Is.True);
        known.Clear();
        Assert.That(known.Contains(in kept), Is.False);
    }

    [Test]
    public void Earlier_reads_are_those_on_the_same_state_or_else_the_last_ones_of_the_same_method()
    {
        EarlierReads earlier = new();
        (Cid first, Cid second, Cid third) = (CidOf(1), CidOf(2), CidOf(3));
        Message message = new() { To = Address.NewId(7), From = Address.NewId(8), Method = new MethodNumber(2), Params = new byte[] { 1 } };
        earlier.Note(in first, message, [CidOf(10), CidOf(11)]);
        earlier.Note(in second, message, [CidOf(12)]);

        Assert.That(earlier.Of(in first, message, out bool isSame), Is.EqualTo(new[] { CidOf(10), CidOf(11) }));
        Assert.That(isSame, Is.True);
        Assert.That(earlier.Of(in second, message with { GasLimit = 9, Sequence = 9 }, out isSame), Is.EqualTo(new[] { CidOf(12) }));
        Assert.That(isSame, Is.True, "neither limit nor nonce decide what is read");
        Assert.That(earlier.Of(in second, message with { Params = new byte[] { 2 } }, out isSame), Is.EqualTo(new[] { CidOf(12) }));
        Assert.That(isSame, Is.False, "other parameters");
        Assert.That(earlier.Of(in second, message with { From = Address.NewId(9) }, out isSame), Is.EqualTo(new[] { CidOf(12) }));
        Assert.That(isSame, Is.False, "another sender");
        Assert.That(earlier.Of(in third, message, out isSame), Is.EqualTo(new[] { CidOf(12) }));
        Assert.That(isSame, Is.False, "another state");
        Assert.That(earlier.Of(in first, message with { Method = new MethodNumber(3) }, out isSame), Is.Empty);
        Assert.That(isSame, Is.False, "another method");

        earlier.Note(in first, message, [.. Enumerable.Range(0, EarlierReads.MaxPerMessage).Select(CidOf)]);
        Assert.That(earlier.Of(in first, message, out isSame), Has.Length.EqualTo(EarlierReads.MaxPerMessage));
        Assert.That(isSame, Is.False, "perhaps not all");

        earlier.NoteCreation(in first, [CidOf(20), CidOf(21)]);
        earlier.NoteCreation(in second, [CidOf(21), CidOf(22)]);
        Assert.That(earlier.OfCreation(in first, out isSame), Is.EqualTo(new[] { CidOf(20), CidOf(21) }));
        Assert.That(isSame, Is.True);
        Assert.That(earlier.OfCreation(in third, out isSame), Is.EqualTo(new[] { CidOf(21) }), "what both have read");
        Assert.That(isSame, Is.False);
    }

    [Test]
    public void Earlier_reads_are_bounded()
    {
        EarlierReads earlier = new();
        Cid root = CidOf(1);
        Cid[] blocks = [.. Enumerable.Range(0, EarlierReads.MaxPerMessage).Select(CidOf)];
        Message message = new() { To = Address.NewId(7), From = Address.NewId(8) };
        for (ulong method = 0; method < 5_000; method++)
        {
            earlier.Note(in root, message with { Method = new MethodNumber(method) }, method % 2 == 0 ? blocks : [root]);
        }

        int remembered = Enumerable.Range(0, 5_000)
            .Count(method => earlier.Of(in root, message with { Method = new MethodNumber((ulong)method) }, out _).Length > 0);
        Assert.That(remembered, Is.InRange(50, 256));
        Assert.That(earlier.Of(in root, message with { Method = new MethodNumber(4_998) }, out _), Is.EqualTo(blocks));
    }

    [TestCase(0, 0)]
    [TestCase(8, 8)]
    [TestCase(9, 0)]
    public void Links_of_wide_blocks_are_no_guesses(int links, int guesses)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(links + 1);
        for (int i = 0; i < links; i++)
        {
            writer.WriteCid(Cid.Blake2b256(Multicodec.DagCbor, [(byte)i]));
        }

        // Not a block of a store of nodes.
        writer.WriteCid(Cid.CreateV1(Multicodec.FilCommitmentSealed, MultihashCode.Sha2_256, new byte[32]));
        byte[] block = writer.ToArray();

        Assert.That(FewLinks.Of(Cid.Blake2b256(Multicodec.DagCbor, block), block), Has.Length.EqualTo(guesses));
        Assert.That(FewLinks.Of(Cid.Blake2b256(Multicodec.Raw, block), block), Is.Empty);
        Assert.That(FewLinks.Of(Cid.Blake2b256(Multicodec.DagCbor, block), block.AsSpan(0, block.Length - 1)), Is.Empty);
    }

    [Test]
    public void Addresses_in_parameters_are_found_in_whatever_they_contain()
    {
        Address account = Address.NewId(1234);
        Address key = Address.NewSecp256k1(new byte[65]);
        CborWriter writer = new();
        writer.WriteArrayHeader(4);
        writer.WriteBytes(key.ToBytes());
        writer.WriteArrayHeader(2);
        writer.WriteBytes(account.ToBytes());
        writer.WriteBytes(account.ToBytes());
        writer.WriteBytes([0, 0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0x01]);
        writer.WriteUInt(7);

        Assert.That(ParameterAddresses.Of(writer.ToArray()), Is.EqualTo(new[] { key, account }), "an amount is none");
        Assert.That(ParameterAddresses.Of([]), Is.Empty);
        Assert.That(ParameterAddresses.Of([0x9f, 0xff, 0x00]), Is.Empty);
    }

    [Test]
    public void Walks_together_need_one_round_per_level()
    {
        MemoryBlockstore store = new();
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        for (ulong id = 0; id < 5_000; id++)
        {
            tree.SetActor(new ActorId(id), ActorState.NewEmpty(Cid.Blake2b256(Multicodec.Raw, "code"u8), null));
        }

        View view = new(store);
        StateWalks walks = new(view, tree.Flush());
        List<IEnumerator<WalkStep>> active = [.. Enumerable.Range(0, 20).Select(i => walks.ToActor(new ActorId((ulong)i * 200), GuessKind.Path, runs: true).GetEnumerator())];
        int rounds = 0;
        while (active.Count > 0)
        {
            HashSet<Cid> wanted = [];
            active.RemoveAll(walk =>
            {
                while (walk.MoveNext())
                {
                    if (!view.TryPeek(walk.Current.Cid, out _))
                    {
                        wanted.Add(walk.Current.Cid);
                        return false;
                    }
                }

                return true;
            });
            view.Fetched.UnionWith(wanted);
            rounds++;
        }

        // The root, the map's root, its two or three levels below, and a round in which the walks end.
        Assert.That(rounds, Is.InRange(4, 6));

        // Nothing but the way of the tree's own look-ups.
        CountingBlockstore counted = new(store);
        StateTree read = StateTree.Load(counted, tree.Flush(), StateTreeVersion.V5);
        for (ulong i = 0; i < 20; i++)
        {
            Assert.That(read.GetActor(new ActorId(i * 200)), Is.Not.Null);
        }

        Assert.That(view.Fetched, Is.EquivalentTo(counted.Read));
    }

    private static Cid CidOf(int number) => Cid.Blake2b256(Multicodec.Raw, BitConverter.GetBytes(number));

    private sealed class View(MemoryBlockstore store) : IBlockView
    {
        public HashSet<Cid> Fetched { get; } = [];

        public bool TryPeek(in Cid cid, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? block)
        {
            block = Fetched.Contains(cid) ? store.Get(in cid) : null;
            return block is not null;
        }
    }

    private sealed class CountingBlockstore(MemoryBlockstore store) : IBlockstore
    {
        public HashSet<Cid> Read { get; } = [];

        public byte[]? Get(in Cid cid)
        {
            Read.Add(cid);
            return store.Get(in cid);
        }

        public bool Has(in Cid cid) => store.Has(in cid);

        public void Put(in Cid cid, byte[] block) => throw new NotSupportedException();

        public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => throw new NotSupportedException();
    }
}
