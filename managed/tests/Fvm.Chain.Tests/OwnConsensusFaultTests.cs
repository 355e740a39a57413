using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>
/// Reports of consensus faults beyond the recorded ones: each is a recorded report, changed in one place, and what Lotus says to it follows from
/// its rules (<c>chain/vm/fvm.go</c>): what is cheap is checked first, without gas; then the first header's signature, then the second's, each
/// for the gas of the blocks read on the way to the worker's key: the miner's state, its information, the worker's account.
/// </summary>
public sealed class OwnConsensusFaultTests
{
    private const long FirstPrice = 75_242;
    private const long LaterPrice = 114_617;
    private const long Reads = 3;
    private const long Finality = 900;

    private static readonly ConsensusFaultType[] Types = Enum.GetValues<ConsensusFaultType>();

    private ChainReader _reader = null!;
    private NetworkParameters _network = null!;
    private Tipset _head = null!;
    private Cid _state;

    [OneTimeSetUp]
    public void OpenTheChain()
    {
        LotusChains.Recorded chain = LotusChains.All.FirstOrDefault(static chain => chain.Name == "TestFaultVectors-0")
            ?? throw new IgnoreException("there are no recorded chains in the reference material");
        _reader = new ChainReader(LotusChains.Open());
        _network = chain.Network;
        _head = _reader.Load(chain.Head);
        _state = _head.First.ParentState;
    }

    [TestCaseSource(nameof(Types))]
    public void The_recorded_report_is_a_fault(ConsensusFaultType type) => IsFault(type, Of(type), Verify(Of(type)));

    // workerKeyAtLookback refuses a height below the current epoch less finality, before it reads anything.
    [TestCaseSource(nameof(Types))]
    public void A_first_header_as_old_as_finality_counts_and_one_older_by_an_epoch_does_not(ConsensusFaultType type)
    {
        Report report = Of(type);
        long last = report.A.Epoch.Value + Finality;
        IsFault(type, report, Verify(report, at: last));
        Assert.That(Verify(report, at: last + 1), Is.EqualTo(None(0)));
    }

    // PricelistByEpoch: the price of a block that is read rises with the Calico upgrade; the epoch that counts is the current one.
    [TestCase(0, FirstPrice)]
    [TestCase(1, LaterPrice)]
    public void The_gas_is_that_of_the_price_list_at_the_current_epoch(long beyond, long price)
    {
        Report report = Of(ConsensusFaultType.DoubleForkMining);
        NetworkParameters network = _network with { Calico = _head.Epoch.Value + 1 - beyond };
        Assert.That(Verify(report, network: network).GasUsed, Is.EqualTo(2 * Reads * price));
    }

    // "Are blocks the same?" comes before everything else.
    [TestCaseSource(nameof(Types))]
    public void The_same_header_twice_is_no_fault(ConsensusFaultType type)
    {
        Report report = Of(type);
        Assert.That(Verify(report with { Second = report.First }), Is.EqualTo(None(0)));
    }

    [TestCaseSource(nameof(Types))]
    public void Headers_of_two_miners_are_no_fault(ConsensusFaultType type)
    {
        Report report = Of(type);
        Assert.That(Verify(report with { Second = (report.B with { Miner = Address.NewId(1001) }).Encode() }), Is.EqualTo(None(0)));
    }

    // GetActor fails before a block is charged for: the state tree itself is read without gas.
    [TestCaseSource(nameof(Types))]
    public void Headers_of_a_miner_that_does_not_exist_are_no_fault(ConsensusFaultType type) =>
        Assert.That(Verify(ByMiner(Of(type), Address.NewId(999_999))), Is.EqualTo(None(0)));

    // miner.Load refuses the code of another actor before it reads the state.
    [TestCaseSource(nameof(Types))]
    public void Headers_of_an_actor_that_is_no_miner_are_no_fault(ConsensusFaultType type) =>
        Assert.That(Verify(ByMiner(Of(type), Address.NewId(ActorId.Cron))), Is.EqualTo(None(0)));

    // The second header is not looked at.
    [TestCaseSource(nameof(Types))]
    public void A_wrong_signature_of_the_first_header_costs_one_look_up(ConsensusFaultType type)
    {
        Report report = Of(type);
        Assert.That(Verify(report with { First = WithWrongSignature(report.A).Encode() }), Is.EqualTo(None(Reads * FirstPrice)));
        Assert.That(Verify(report with { First = (report.A with { Signature = null }).Encode() }), Is.EqualTo(None(Reads * FirstPrice)));
    }

    [TestCaseSource(nameof(Types))]
    public void A_wrong_signature_of_the_second_header_costs_two_look_ups(ConsensusFaultType type)
    {
        Report report = Of(type);
        Assert.That(Verify(report with { Second = WithWrongSignature(report.B).Encode() }), Is.EqualTo(None(2 * Reads * FirstPrice)));
        Assert.That(Verify(report with { Second = (report.B with { Signature = null }).Encode() }), Is.EqualTo(None(2 * Reads * FirstPrice)));
    }

    // UnmarshalCBOR fails; for the third header whatever the fault is without it.
    [TestCaseSource(nameof(Types))]
    public void A_header_that_does_not_decode_is_no_fault(ConsensusFaultType type)
    {
        Report report = Of(type);
        Assert.That(Verify(report with { First = report.First[..^1] }), Is.EqualTo(None(0)));
        Assert.That(Verify(report with { Second = report.Second[..^1] }), Is.EqualTo(None(0)));
        Assert.That(Verify(report with { First = [] }), Is.EqualTo(None(0)));
        Assert.That(Verify(report with { Extra = [0x80] }), Is.EqualTo(None(0)));
        Assert.That(Verify(report with { Extra = report.First[..^1] }), Is.EqualTo(None(0)));
    }

    // The decoder reads a header from a stream, and leaves what follows; the CID is that of the header encoded again.
    [TestCaseSource(nameof(Types))]
    public void Bytes_behind_a_header_are_ignored(ConsensusFaultType type)
    {
        Report report = Of(type);
        byte[] extra = report.Extra.Length == 0 ? report.Extra : [.. report.Extra, 3];
        IsFault(type, report, Verify(new Report([.. report.First, 1], [.. report.Second, 2, 2], extra)));
        Assert.That(Verify(report with { Second = [.. report.First, 1] }), Is.EqualTo(None(0)), "the same header in spite of its bytes");
    }

    // Height(B) < Height(A) is refused; of a double fork the order does not matter.
    [TestCaseSource(nameof(Types))]
    public void The_lower_header_comes_first(ConsensusFaultType type)
    {
        Report report = Of(type);
        (ConsensusFault? Fault, long GasUsed) swapped = Verify(report with { First = report.Second, Second = report.First });
        if (type == ConsensusFaultType.DoubleForkMining)
        {
            IsFault(type, report, swapped);
        }
        else
        {
            Assert.That(swapped, Is.EqualTo(None(0)));
        }
    }

    // The third header only adds the kind that needs it.
    [Test]
    public void A_third_header_that_proves_nothing_does_not_hide_another_fault()
    {
        foreach (ConsensusFaultType type in (ConsensusFaultType[])[ConsensusFaultType.DoubleForkMining, ConsensusFaultType.TimeOffsetMining])
        {
            Report report = Of(type);
            IsFault(type, report, Verify(report with { Extra = report.Second }));
        }
    }

    [Test]
    public void Parent_grinding_needs_its_witness()
    {
        Report report = Of(ConsensusFaultType.ParentGrinding);
        Assert.That(Verify(report with { Extra = [] }), Is.EqualTo(None(0)));
        Assert.That(Verify(report with { Extra = report.First }), Is.EqualTo(None(0)), "the first header is not among the second's parents");
    }

    // ResolveToKeyAddr resolves the worker of the look-back in the current state; the worker itself is the look-back's.
    [Test]
    public void The_worker_is_that_of_the_look_back_whatever_the_current_one_is()
    {
        Report report = Of(ConsensusFaultType.DoubleForkMining);
        Cid changed = WithWorker(_state, report.A.Miner, Address.NewId(ActorId.Cron), out IBlockstore store);
        IsFault(ConsensusFaultType.DoubleForkMining, report, Verify(report, state: changed, reader: new ChainReader(store)));
    }

    // A look-back worker that is no account has no key: its state is not read.
    [Test]
    public void A_worker_that_was_another_at_the_look_back_did_not_sign()
    {
        Report report = Of(ConsensusFaultType.DoubleForkMining);
        Tipset second = _reader.AtEpoch(_head, new ChainEpoch(1), before: false);
        Cid changed = WithWorker(second.First.ParentState, report.A.Miner, Address.NewId(ActorId.Cron), out IBlockstore store);
        (ChainReader reader, Tipset head) = Rebuild(store, second, changed);
        Assert.That(Verify(report, reader: reader, head: head), Is.EqualTo(None(2 * FirstPrice)));

        (reader, head) = Rebuild(store, second, second.First.ParentState);
        IsFault(ConsensusFaultType.DoubleForkMining, report, Verify(report, reader: reader, head: head));
    }

    // A key address needs no look-up; this key is not the signer's.
    [Test]
    public void A_worker_given_by_its_key_costs_no_account()
    {
        Report report = Of(ConsensusFaultType.DoubleForkMining);
        Tipset second = _reader.AtEpoch(_head, new ChainEpoch(1), before: false);
        Address key = Address.NewSecp256k1([4, .. new byte[64]]);
        Cid changed = WithWorker(second.First.ParentState, report.A.Miner, key, out IBlockstore store);
        (ChainReader reader, Tipset head) = Rebuild(store, second, changed);
        Assert.That(Verify(report, reader: reader, head: head), Is.EqualTo(None(2 * FirstPrice)));
    }

    // Within finality of the fix of Watermelon on the calibration network, no fault is reported.
    [TestCase(0, false)]
    [TestCase(Finality - 1, false)]
    [TestCase(Finality, true)]
    public void Around_the_fix_of_Watermelon_there_are_no_faults(long distance, bool expected)
    {
        Report report = Of(ConsensusFaultType.DoubleForkMining);
        NetworkParameters network = _network with { WatermelonFix = report.A.Epoch.Value + distance };
        if (expected)
        {
            IsFault(ConsensusFaultType.DoubleForkMining, report, Verify(report, network: network));
        }
        else
        {
            Assert.That(Verify(report, network: network), Is.EqualTo(None(0)));
        }
    }

    private static Report Of(ConsensusFaultType type)
    {
        foreach (string line in File.ReadLines(Repository.Shared("lotus", "faults-externs.tsv")))
        {
            string[] fields = line.Split('\t');
            byte[][] given = [.. fields[4].Split(',').Select(Convert.FromHexString)];
            if (fields[5].Contains($"Type:{(uint)type}}}", StringComparison.Ordinal)
                && (given[2].Length > 0) == (type == ConsensusFaultType.ParentGrinding)
                && BlockHeader.Decode(given[0]).Epoch.Value > 0)
            {
                return new Report(given[0], given[1], given[2]);
            }
        }

        throw new InvalidOperationException($"no recorded report of the type {type}");
    }

    private static void IsFault(ConsensusFaultType type, Report report, (ConsensusFault? Fault, long GasUsed) verdict)
    {
        Assert.That(report.A.Miner.TryGetId(out ActorId miner), Is.True);
        Assert.That(verdict, Is.EqualTo(((ConsensusFault?)new ConsensusFault(miner, report.B.Epoch, type), 2 * Reads * FirstPrice)));
    }

    private static (ConsensusFault? Fault, long GasUsed) None(long gas) => (null, gas);

    private static Report ByMiner(Report report, Address miner) =>
        report with { First = (report.A with { Miner = miner }).Encode(), Second = (report.B with { Miner = miner }).Encode() };

    private static BlockHeader WithWrongSignature(BlockHeader header)
    {
        byte[] data = header.Signature!.Data.ToArray();
        data[^1] ^= 1;
        return header with { Signature = header.Signature with { Data = data } };
    }

    private (ConsensusFault? Fault, long GasUsed) Verify(
        Report report, long? at = null, NetworkParameters? network = null, Cid? state = null, ChainReader? reader = null, Tipset? head = null) =>
        new ConsensusFaults(reader ?? _reader, network ?? _network).Verify(
            head ?? _head, new ChainEpoch(at ?? _head.Epoch.Value), state ?? _state, report.First, report.Second, report.Extra);

    // The state with another worker in a miner's information: the second field of the block that the first field of its state links to.
    private Cid WithWorker(Cid root, Address miner, Address worker, out IBlockstore store)
    {
        store = new LayeredBlockstore(new MemoryBlockstore(), _reader.Store);
        StateTree tree = new ChainReader(store).OpenState(root);
        Assert.That(miner.TryGetId(out ActorId id), Is.True);
        ActorState actor = tree.GetActor(id)!;
        CborReader reader = new(store.Get(actor.State)!);
        reader.ReadArrayHeader();
        byte[] information = store.Get(reader.ReadCid())!;
        CborWriter bytes = new();
        ChainCbor.WriteAddress(bytes, worker);
        Cid changed = Put(store, Replace(information, 1, bytes.ToArray()));
        CborWriter link = new();
        link.WriteCid(changed);
        tree.SetActor(id, actor with { State = Put(store, Replace(store.Get(actor.State)!, 0, link.ToArray())) });
        return tree.Flush();
    }

    // A chain of three tipsets, the second of which is on a given state: that of the look-back.
    private static (ChainReader Reader, Tipset Head) Rebuild(IBlockstore store, Tipset second, Cid state)
    {
        BlockHeader first = second.First with { ParentState = state };
        store.Put(first.ToCid(), first.Encode());
        BlockHeader head = first with { Parents = [first.ToCid()], Epoch = new ChainEpoch(first.Epoch.Value + 20) };
        return (new ChainReader(store), Tipset.Create([head]));
    }

    private static Cid Put(IBlockstore store, byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(cid, block);
        return cid;
    }

    private static byte[] Replace(byte[] list, int index, byte[] item)
    {
        CborReader reader = new(list);
        int count = reader.ReadArrayHeader();
        CborWriter writer = new();
        writer.WriteArrayHeader(count);
        for (int field = 0; field < count; field++)
        {
            ReadOnlySpan<byte> raw = reader.ReadRaw();
            writer.WriteRaw(field == index ? item : raw);
        }

        return writer.ToArray();
    }

    /// <summary>A report: two headers, and the third one or nothing.</summary>
    private sealed record Report(byte[] First, byte[] Second, byte[] Extra)
    {
        public BlockHeader A => BlockHeader.Decode(First);

        public BlockHeader B => BlockHeader.Decode(Second);
    }
}
