using System.Buffers.Binary;
using System.Text;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class EventSyscallsTests
{
    private const uint Heads = 0;
    private const uint Keys = 10_000;
    private const uint Values = 30_000;

    [Test]
    public void Emit_event_takes_entries_from_three_buffers()
    {
        using SyscallHarness actor = new();
        Entry[] entries =
        [
            new(0, Multicodec.Raw, "t1", [1, 2, 3]), new(3, Multicodec.Cbor, "größe", []), new(1, Multicodec.Raw, string.Empty, [9]),
        ];
        Emit(actor, entries).Succeeds(actor.Prices.OnActorEvent(3, 9, 4));
        StampedEvent emitted = actor.Execution.Events.Events.Single();
        Assert.That(emitted.Emitter, Is.EqualTo(TestState.Actor));
        Assert.That(
            emitted.Event.Entries.Select(static e => ((ulong)e.Flags, e.Codec, Encoding.UTF8.GetString(e.Key.Span), e.Value.ToArray())),
            Is.EqualTo(entries.Select(static e => (e.Flags, e.Codec, e.Key, e.Value))));
    }

    [Test]
    public void Emit_event_without_entries_is_an_event()
    {
        using SyscallHarness actor = new();
        actor.Call("event", "emit_event", Bounds.End, 0, Bounds.End, 0, Bounds.End, 0).Succeeds(actor.Prices.OnActorEvent(0, 0, 0));
        Assert.That(actor.Execution.Events.Events, Has.Count.EqualTo(1));
    }

    [Test]
    public void Emit_event_while_read_only_is_refused_before_the_charge()
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = true });
        Emit(actor, new Entry(0, Multicodec.Raw, "k", [])).Fails(ErrorNumber.ReadOnly);
    }

    [TestCase(255, null)]
    [TestCase(256, ErrorNumber.LimitExceeded)]
    public void Emit_event_has_at_most_255_entries(int count, ErrorNumber? expected)
    {
        using SyscallHarness actor = new();
        SyscallResult result = Emit(actor, [.. Enumerable.Repeat(new Entry(0, Multicodec.Raw, "k", []), count)]);
        Ends(result, expected, actor.Prices.OnActorEvent(count, count, 0));
    }

    [TestCase(31, null)]
    [TestCase(32, ErrorNumber.LimitExceeded)]
    public void Emit_event_has_keys_of_at_most_31_bytes(int length, ErrorNumber? expected)
    {
        using SyscallHarness actor = new();
        SyscallResult result = Emit(actor, new Entry(0, Multicodec.Raw, new string('k', length), []));
        Ends(result, expected, actor.Prices.OnActorEvent(1, length, 0));
    }

    [TestCase(8_192, null)]
    [TestCase(8_193, ErrorNumber.LimitExceeded)]
    public void Emit_event_has_values_of_at_most_8_KiB_together(int length, ErrorNumber? expected)
    {
        using SyscallHarness actor = new();
        SyscallResult result = Emit(
            actor, new Entry(0, Multicodec.Raw, "k", new byte[4_000]), new Entry(0, Multicodec.Raw, "k", new byte[length - 4_000]));
        Ends(result, expected, actor.Prices.OnActorEvent(2, 2, length));
    }

    [TestCase(4UL)]
    [TestCase(7UL)]
    [TestCase(1UL << 63)]
    public void Emit_event_with_unknown_flags_is_illegal_whatever_else_is_wrong_with_the_entry(ulong flags)
    {
        using SyscallHarness actor = new();
        Head(actor, 0, flags, Multicodec.DagCbor, 100, 10_000);
        actor.Call("event", "emit_event", Heads, 1, Keys, 1, Values, 1).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnActorEvent(1, 1, 1));
    }

    [TestCase(32u, 0u, ErrorNumber.LimitExceeded)]
    [TestCase(uint.MaxValue, uint.MaxValue, ErrorNumber.LimitExceeded)]
    [TestCase(2u, 8_193u, ErrorNumber.IllegalArgument)]
    [TestCase(2u, 0u, ErrorNumber.IllegalArgument)]
    [TestCase(1u, 2u, ErrorNumber.IllegalArgument)]
    [TestCase(0u, 1u, ErrorNumber.IllegalArgument)]
    [TestCase(1u, 0u, ErrorNumber.IllegalArgument)]
    public void Emit_event_whose_entry_does_not_fit_its_buffers_fails(uint key, uint value, ErrorNumber expected)
    {
        using SyscallHarness actor = new();
        Head(actor, 0, 0, Multicodec.Raw, key, value);
        actor.Call("event", "emit_event", Heads, 1, Keys, 1, Values, 1).Fails(expected, actor.Prices.OnActorEvent(1, 1, 1));
        Assert.That(actor.Execution.Events.Events, Is.Empty);
    }

    [TestCase(Multicodec.DagCbor)]
    [TestCase(0UL)]
    public void Emit_event_with_another_codec_than_raw_and_cbor_is_illegal(ulong codec)
    {
        using SyscallHarness actor = new();
        Emit(actor, new Entry(0, codec, "k", [1])).Fails(ErrorNumber.IllegalCodec, actor.Prices.OnActorEvent(1, 1, 1));
    }

    [Test]
    public void Emit_event_with_keys_that_are_not_utf8_is_illegal()
    {
        using SyscallHarness actor = new();
        actor.Write(Keys, [0x6b, 0xff]);
        Head(actor, 0, 0, Multicodec.Raw, 2, 0);
        actor.Call("event", "emit_event", Heads, 1, Keys, 2, Values, 0).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnActorEvent(1, 2, 0));
    }

    [TestCase(1u, 1u, ErrorNumber.IllegalArgument)]
    [TestCase(2u, 0u, null)]
    public void Emit_event_with_a_key_that_ends_within_a_character_is_illegal(uint first, uint second, ErrorNumber? expected)
    {
        using SyscallHarness actor = new();
        actor.Write(Keys, "ß"u8);
        Head(actor, 0, 0, Multicodec.Raw, first, 0);
        Head(actor, 1, 0, Multicodec.Raw, second, 0);
        SyscallResult result = actor.Call("event", "emit_event", Heads, 2, Keys, 2, Values, 0);
        Ends(result, expected, actor.Prices.OnActorEvent(2, 2, 0));
    }

    [TestCase(Bounds.End - 23, 1u)]
    [TestCase(Bounds.End + 1, 0u)]
    [TestCase(0u, 178_956_971u)]
    [TestCase(0u, uint.MaxValue)]
    [TestCase(0u, 5_462u)]
    public void Emit_event_with_heads_outside_of_memory_costs_only_the_call(uint offset, uint count)
    {
        using SyscallHarness actor = new();
        actor.Call("event", "emit_event", offset, count, 0, 0, 0, 0).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Emit_event_with_keys_or_values_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = true });
        actor.Call("event", "emit_event", 0, 0, offset, length, 0, 0).Fails(ErrorNumber.IllegalArgument);
        actor.Call("event", "emit_event", 0, 0, 0, 0, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Emit_event_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => Emit(actor, new Entry(0, Multicodec.Raw, "key", [1])));

    [Test]
    public void Emit_event_at_NV20_takes_one_block_of_cbor()
    {
        using SyscallHarness actor = new(new HarnessSetup { Version = NetworkVersion.Nv20 });
        PriceList p = actor.Prices;

        // One entry: flags 3, key "k", codec raw, value 01.
        actor.Write(0, Convert.FromHexString("8184" + "03" + "616b" + "1855" + "4101"));
        actor.Call("event", "emit_event", 0, 9).Succeeds(p.OnActorEventValidate(9), p.OnActorEventAccept(9));
        Assert.That(actor.Execution.Events.Events, Has.Count.EqualTo(1));
        actor.Call("event", "emit_event", 0, 8).Fails(ErrorNumber.IllegalArgument, p.OnActorEventValidate(8));
        actor.Call("event", "emit_event", Bounds.End, 1).Fails(ErrorNumber.IllegalArgument);
    }

    private static void Ends(SyscallResult result, ErrorNumber? expected, GasCharge charge)
    {
        if (expected is ErrorNumber number)
        {
            result.Fails(number, charge);
        }
        else
        {
            result.Succeeds(charge);
        }
    }

    private static SyscallResult Emit(SyscallHarness actor, params Entry[] entries)
    {
        uint keyEnd = Keys;
        uint valueEnd = Values;
        for (int i = 0; i < entries.Length; i++)
        {
            byte[] key = Encoding.UTF8.GetBytes(entries[i].Key);
            Head(actor, i, entries[i].Flags, entries[i].Codec, (uint)key.Length, (uint)entries[i].Value.Length);
            actor.Write(keyEnd, key);
            actor.Write(valueEnd, entries[i].Value);
            keyEnd += (uint)key.Length;
            valueEnd += (uint)entries[i].Value.Length;
        }

        return actor.Call("event", "emit_event", Heads, (uint)entries.Length, Keys, keyEnd - Keys, Values, valueEnd - Values);
    }

    private static void Head(SyscallHarness actor, int index, ulong flags, ulong codec, uint keyLength, uint valueLength)
    {
        Span<byte> head = actor.Memory.Slice(index * 24, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(head, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], codec);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], keyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], valueLength);
    }

    private sealed record Entry(ulong Flags, ulong Codec, string Key, byte[] Value);
}
