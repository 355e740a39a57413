using System.Buffers.Binary;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class IpldSyscallsTests
{
    private const uint CidLength = 38;
    private const ulong Blake2b256 = 0xb220;
    private static readonly byte[] TenBytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Test]
    public void Block_open_gives_codec_handle_and_size_and_makes_the_block_s_links_reachable()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Cid state = actor.Setup.State.ActorStateRoot;
        int size = actor.Setup.State.Store.Get(state)!.Length;
        SyscallResult result = Open(actor, state).Succeeds(p.OnBlockOpenBase(), p.OnScanIpldLinks(3, 1), p.OnBlockOpen(size, 1));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(result.Result), Is.EqualTo(Multicodec.DagCbor));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(result.Result.AsSpan(8)), Is.EqualTo(1));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(result.Result.AsSpan(12)), Is.EqualTo(size));
        Assert.That(actor.Kernel.Blocks.IsReachable(actor.Setup.State.Leaf));
        Assert.That(result.Events, Has.Member(new IpldEvent(IpldOperation.Get, state, size)));

        // Opened again, it is charged again, and gets another handle.
        SyscallResult again = Open(actor, state).Succeeds(p.OnBlockOpenBase(), p.OnScanIpldLinks(3, 1), p.OnBlockOpen(size, 1));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(again.Result.AsSpan(8)), Is.EqualTo(2));
    }

    [Test]
    public void Block_open_of_a_raw_block_looks_for_no_links()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Open(actor, actor.Setup.State.Leaf).Succeeds(p.OnBlockOpenBase(), p.OnScanIpldLinks(0, 0), p.OnBlockOpen(6, 0));
    }

    [Test]
    public void Block_open_of_a_block_that_is_not_reachable_is_charged_and_not_found()
    {
        using SyscallHarness actor = new();
        actor.Write(0, actor.Setup.State.Leaf);
        actor.Call("ipld", "block_open", 0).Fails(ErrorNumber.NotFound, actor.Prices.OnBlockOpenBase());
    }

    [Test]
    public void Block_open_of_an_inline_block_is_not_found()
    {
        using SyscallHarness actor = new();
        actor.Write(0, Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, "inline"u8));
        actor.Call("ipld", "block_open", 0).Fails(ErrorNumber.NotFound, actor.Prices.OnBlockOpenBase());
    }

    [Test]
    public void Block_open_of_a_reachable_block_that_is_missing_is_fatal()
    {
        using SyscallHarness actor = new();
        SyscallResult result = Open(actor, Cid.Blake2b256(Multicodec.Raw, "missing"u8));
        result.IsFatal(actor.Prices.OnBlockOpenBase());
    }

    [TestCase("8201", 3, 0, ErrorNumber.Serialization, TestName = "Block_open_of_a_cut_off_block_pays_for_what_was_scanned")]
    [TestCase("0101", 1, 0, ErrorNumber.Serialization, TestName = "Block_open_of_a_block_with_a_tail_pays_for_what_was_scanned")]
    [TestCase("d82a4400017000", 1, 1, ErrorNumber.Serialization, TestName = "Block_open_of_a_block_with_a_broken_link_pays_for_it")]
    [TestCase("d82a46000170000000", 1, 1, ErrorNumber.Serialization, TestName = "Block_open_of_a_block_with_a_link_of_too_many_bytes_pays_for_it")]
    public void Block_open_of_a_block_that_is_refused(string hex, int fields, int links, ErrorNumber expected)
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Cid cid = actor.Setup.State.Put(Multicodec.DagCbor, Convert.FromHexString(hex));
        Open(actor, cid).Fails(expected, p.OnBlockOpenBase(), p.OnScanIpldLinks((ulong)fields, (ulong)links));
    }

    [Test]
    public void Block_open_of_a_block_that_links_to_what_cannot_be_found_is_not_found()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Cid sha = Cid.CreateV1(Multicodec.Raw, MultihashCode.Sha2_256, new byte[32]);
        Cid cid = actor.Setup.State.Put(Multicodec.DagCbor, ListOf(sha));
        Open(actor, cid).Fails(ErrorNumber.NotFound, p.OnBlockOpenBase(), p.OnScanIpldLinks(2, 1));
    }

    [TestCase(0u)]
    [TestCase(Bounds.End - 37)]
    [TestCase(Bounds.End)]
    [TestCase(Bounds.End + 1)]
    [TestCase(uint.MaxValue)]
    public void Block_open_of_what_is_no_cid_costs_only_the_call(uint offset)
    {
        using SyscallHarness actor = new();
        if (offset == Bounds.End - 37)
        {
            actor.Write(offset, actor.Setup.State.Leaf.ToBytes().AsSpan(0, 37));
        }

        actor.Call("ipld", "block_open", offset).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Block_open_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Open(actor, actor.Setup.State.ActorStateRoot));

    [Test]
    public void Block_create_gives_handles_in_turn()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        for (uint i = 1; i <= 3; i++)
        {
            actor.Write(Bounds.End - 10, TenBytes);
            SyscallResult result = actor.Call("ipld", "block_create", Multicodec.Raw, Bounds.End - 10, 10);
            Assert.That(result.Succeeds(p.OnScanIpldLinks(0, 0), p.OnBlockCreate(10, 0)).U32, Is.EqualTo(i));
        }

        Assert.That(actor.Kernel.Blocks.TryGet(new BlockId(2), out Block block));
        Assert.That((block.Codec, block.Data.ToArray()), Is.EqualTo((Multicodec.Raw, TenBytes)));
    }

    [Test]
    public void Block_create_with_links_needs_them_reachable_and_pays_for_each()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Cid leaf = actor.Setup.State.Leaf;
        Cid state = actor.Setup.State.ActorStateRoot;
        byte[] data = ListOf(leaf, state, leaf);
        GasCharge[] charges = [p.OnScanIpldLinks(4, 3), p.OnBlockCreate(data.Length, 3)];
        actor.Kernel.Blocks.MarkReachable(leaf);
        Create(actor, Multicodec.DagCbor, data).Fails(ErrorNumber.NotFound, charges);
        actor.Kernel.Blocks.MarkReachable(state);
        Create(actor, Multicodec.DagCbor, data).Succeeds(charges);
    }

    [Test]
    public void Block_create_ignores_commitments_and_looks_into_inline_blocks()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Cid leaf = actor.Setup.State.Leaf;
        Cid sealedSector = Cid.CreateV1(Multicodec.FilCommitmentSealed, MultihashCode.PoseidonBls12_381A2Fc1, new byte[32]);
        Cid inline = Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Identity, ListOf(leaf));
        byte[] data = ListOf(sealedSector, inline);
        actor.Kernel.Blocks.MarkReachable(leaf);
        Create(actor, Multicodec.DagCbor, data).Succeeds(p.OnScanIpldLinks(5, 3), p.OnBlockCreate(data.Length, 1));
    }

    [Test]
    public void Block_create_of_plain_cbor_is_not_looked_into()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Create(actor, Multicodec.Cbor, [0x82, 0x01]).Succeeds(p.OnScanIpldLinks(0, 0), p.OnBlockCreate(2, 0));
    }

    [TestCase("", 1)]
    [TestCase("82", 2)]
    [TestCase("0000", 1)]
    [TestCase("1c", 1)]
    [TestCase("5f", 1)]
    [TestCase("4201", 1)]
    [TestCase("9bffffffffffffffff", 2)]
    public void Block_create_of_malformed_dag_cbor_pays_for_the_scan_alone(string hex, int fields)
    {
        using SyscallHarness actor = new();
        Create(actor, Multicodec.DagCbor, Convert.FromHexString(hex))
            .Fails(ErrorNumber.Serialization, actor.Prices.OnScanIpldLinks((ulong)fields, 0));
    }

    [TestCase(0UL)]
    [TestCase(Multicodec.DagPb)]
    [TestCase(Multicodec.FilCommitmentSealed)]
    [TestCase(ulong.MaxValue)]
    public void Block_create_with_another_codec_costs_only_the_call(ulong codec)
    {
        using SyscallHarness actor = new();
        Create(actor, codec, [1]).Fails(ErrorNumber.IllegalCodec);
    }

    [TestCase(1 << 20, Multicodec.Raw, null)]
    [TestCase((1 << 20) + 1, Multicodec.Raw, ErrorNumber.LimitExceeded)]
    [TestCase((1 << 20) + 1, Multicodec.DagPb, ErrorNumber.LimitExceeded)]
    public void Block_create_takes_blocks_of_at_most_a_mebibyte(int length, ulong codec, ErrorNumber? expected)
    {
        using SyscallHarness actor = new(new HarnessSetup { Pages = 20 });
        PriceList p = actor.Prices;
        SyscallResult result = actor.Call("ipld", "block_create", codec, 100_000, (uint)length);
        if (expected is ErrorNumber number)
        {
            result.Fails(number);
        }
        else
        {
            result.Succeeds(p.OnScanIpldLinks(0, 0), p.OnBlockCreate(length, 0));
        }
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Block_create_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("ipld", "block_create", Multicodec.DagPb, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Block_create_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(),
        static actor =>
        {
            actor.Kernel.Blocks.MarkReachable(actor.Setup.State.Leaf);
            return Create(actor, Multicodec.DagCbor, ListOf(actor.Setup.State.Leaf));
        });

    [TestCase(0u, 10, 0, "00010203040506070809")]
    [TestCase(0u, 0, 10, "")]
    [TestCase(2u, 4, 4, "02030405")]
    [TestCase(8u, 10, -8, "0809")]
    [TestCase(10u, 0, 0, "")]
    [TestCase(10u, 3, -3, "")]
    [TestCase(12u, 3, -5, "")]
    [TestCase((uint)int.MaxValue, 0, 10 - int.MaxValue, "")]
    [TestCase(int.MaxValue - 5u, 5, 10 - int.MaxValue, "")]
    public void Block_read_copies_what_there_is_and_says_how_far_the_buffer_is_off(uint offset, int length, int left, string expected)
    {
        using SyscallHarness actor = new();
        BlockId id = actor.Open(Multicodec.Raw, TenBytes);
        byte[] copied = Convert.FromHexString(expected);
        uint at = Bounds.End - (uint)length;
        actor.Memory[(int)at..].Fill(0x77);
        SyscallResult result = actor.Call("ipld", "block_read", id.Value, offset, at, (uint)length);
        Assert.That((int)result.Succeeds(actor.Prices.OnBlockRead(copied.Length)).U32, Is.EqualTo(left));
        Assert.That(actor.Read(at, length), Is.EqualTo(copied.Concat(Enumerable.Repeat((byte)0x77, length - copied.Length))));
    }

    [TestCase(1u)]
    [TestCase(77u)]
    public void Block_read_whose_end_does_not_fit_into_31_bits_is_illegal_before_the_handle_is_looked_at(uint id)
    {
        using SyscallHarness actor = new();
        actor.Open(Multicodec.Raw, TenBytes);
        actor.Call("ipld", "block_read", id, int.MaxValue, 0, 1).Fails(ErrorNumber.IllegalArgument);
        actor.Call("ipld", "block_read", id, uint.MaxValue, 0, 100).Fails(ErrorNumber.IllegalArgument);
        actor.Call("ipld", "block_read", id, 0x8000_0000, 0, 0).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCase(0u)]
    [TestCase(2u)]
    [TestCase(uint.MaxValue)]
    public void Block_read_of_an_unknown_handle_costs_only_the_call(uint id)
    {
        using SyscallHarness actor = new();
        actor.Open(Multicodec.Raw, TenBytes);
        actor.Call("ipld", "block_read", id, 0, 0, 10).Fails(ErrorNumber.InvalidHandle);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Block_read_into_a_buffer_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("ipld", "block_read", 77, 0, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Block_read_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => actor.Call("ipld", "block_read", actor.Open(Multicodec.Raw, TenBytes).Value, 0, 0, 10));

    [Test]
    public void Block_stat_gives_codec_and_size()
    {
        using SyscallHarness actor = new();
        BlockId id = actor.Open(Multicodec.Cbor, TenBytes);
        byte[] result = actor.Call("ipld", "block_stat", id.Value).Succeeds(actor.Prices.OnBlockStat()).Result;
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(result), Is.EqualTo(Multicodec.Cbor));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(result.AsSpan(8)), Is.EqualTo(10));
        Assert.That(result, Has.Length.EqualTo(12));
    }

    [TestCase(0u)]
    [TestCase(2u)]
    [TestCase(uint.MaxValue)]
    public void Block_stat_of_an_unknown_handle_is_charged(uint id)
    {
        using SyscallHarness actor = new();
        actor.Open(Multicodec.Raw, TenBytes);
        actor.Call("ipld", "block_stat", id).Fails(ErrorNumber.InvalidHandle, actor.Prices.OnBlockStat());
    }

    [Test]
    public void Block_stat_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => actor.Call("ipld", "block_stat", actor.Open(Multicodec.Raw, TenBytes).Value));

    [Test]
    public void Block_link_stores_the_block_and_makes_it_reachable()
    {
        using SyscallHarness actor = new();
        BlockId id = actor.Open(Multicodec.Cbor, TenBytes);
        Cid expected = Cid.Blake2b256(Multicodec.Cbor, TenBytes);
        SyscallResult result = actor.Call("ipld", "block_link", id.Value, Blake2b256, 32, Bounds.End - CidLength, CidLength);
        Assert.That(result.Succeeds(actor.Prices.OnBlockLink(SupportedHash.Blake2b256, 10)).U32, Is.EqualTo(CidLength));
        Assert.That(actor.ReadCid(Bounds.End - CidLength), Is.EqualTo(expected));
        Assert.That(actor.Machine.Blockstore.Get(expected), Is.EqualTo(TenBytes));
        Assert.That(actor.Kernel.Blocks.IsReachable(expected));
        Assert.That(result.Events, Has.Member(new IpldEvent(IpldOperation.Put, expected, 10)));
    }

    [Test]
    public void Block_link_into_too_small_a_buffer_fails_after_the_block_is_stored()
    {
        using SyscallHarness actor = new();
        BlockId id = actor.Open(Multicodec.Cbor, TenBytes);
        actor.Call("ipld", "block_link", id.Value, Blake2b256, 32, 0, CidLength - 1)
            .Fails(ErrorNumber.BufferTooSmall, actor.Prices.OnBlockLink(SupportedHash.Blake2b256, 10));
        Assert.That(actor.Machine.Blockstore.Has(Cid.Blake2b256(Multicodec.Cbor, TenBytes)));
    }

    [TestCase(0x12UL, 32u)]
    [TestCase(Blake2b256, 31u)]
    [TestCase(Blake2b256, 33u)]
    [TestCase(0xb240UL, 64u)]
    [TestCase(0UL, 0u)]
    public void Block_link_with_another_hash_is_an_illegal_cid_before_the_handle_is_looked_at(ulong hash, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("ipld", "block_link", 77, hash, length, 0, 100).Fails(ErrorNumber.IllegalCid);
    }

    [TestCase(0u)]
    [TestCase(1u)]
    public void Block_link_of_an_unknown_handle_costs_only_the_call(uint id)
    {
        using SyscallHarness actor = new();
        actor.Call("ipld", "block_link", id, Blake2b256, 32, 0, 100).Fails(ErrorNumber.InvalidHandle);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Block_link_into_a_buffer_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("ipld", "block_link", 77, 0, 0, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Block_link_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(),
        static actor => actor.Call("ipld", "block_link", actor.Open(Multicodec.Raw, TenBytes).Value, Blake2b256, 32, 0, 100));

    private static SyscallResult Open(SyscallHarness actor, in Cid cid)
    {
        actor.Kernel.Blocks.MarkReachable(cid);
        actor.Write(Bounds.End - CidLength, cid);
        return actor.Call("ipld", "block_open", Bounds.End - CidLength);
    }

    private static SyscallResult Create(SyscallHarness actor, ulong codec, byte[] data)
    {
        actor.Write(100, data);
        return actor.Call("ipld", "block_create", codec, 100, (uint)data.Length);
    }

    private static byte[] ListOf(params Cid[] links)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(links.Length);
        foreach (Cid link in links)
        {
            writer.WriteCid(link);
        }

        return writer.ToArray();
    }
}
