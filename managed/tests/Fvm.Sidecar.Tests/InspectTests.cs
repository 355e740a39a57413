using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Messages = Fvm.Protocol.V1.ExecutionService.ExecutionServiceClient;

namespace Fvm.Sidecar.Tests;

/// <summary>Inspect: states, bundles and other blocks, incomplete and malformed ones too.</summary>
public sealed class InspectTests
{
    private const int MaxFrameMib = 5;

    private RunningServer _server = null!;
    private Messages _client = null!;
    private MemoryBlockstore _store = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await RunningServer.StartAsync(static options => options with { MaxFrameBytes = MaxFrameMib << 20 });
        _client = new Messages(_server.Channel);
    }

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [SetUp]
    public void MakeStore() => _store = new MemoryBlockstore();

    [TestCase(2_500, 0U, 1_000)]
    [TestCase(2_500, 700U, 700)]
    [TestCase(700, 700U, 700)]
    [TestCase(12_000, 10_000U, 10_000)]
    public async Task Pages_of_a_state_have_all_actors_by_ID(int actors, uint asked, int perPage)
    {
        Cid root = MadeState.Tree(_store, actors);
        ByteString car = MadeState.Car(_store.Snapshot());
        List<ActorEntry> all = [];
        ulong? next = 0;
        while (next is ulong first)
        {
            InspectResponse page = await InspectAsync(root, car, first, asked);

            Assert.That((page.Kind, page.MissingNodes), Is.EqualTo((RootKind.StateTree, 0UL)));
            Assert.That(page.Actors, Has.Count.EqualTo(Math.Min(perPage, actors - all.Count)));
            all.AddRange(page.Actors);
            next = page.HasNextActorId ? page.NextActorId : null;
            Assert.That(next, Is.EqualTo(all.Count < actors ? MadeState.IdOf(all.Count).Value : (ulong?)null));
        }

        Assert.That(all.Select(static actor => actor.ActorId), Is.EqualTo(Enumerable.Range(0, actors).Select(static i => MadeState.IdOf(i).Value)));
        for (int i = 0; i < actors; i++)
        {
            ActorState state = MadeState.ActorOf(i);
            Assert.That(all[i].Sequence, Is.EqualTo(state.Sequence));
            Assert.That(all[i].Code, Is.EqualTo(ToClient.Bytes(state.Code)));
            Assert.That(all[i].State, Is.EqualTo(ToClient.Bytes(state.State)));
            Assert.That(all[i].HasDelegatedAddress ? all[i].DelegatedAddress.ToByteArray() : null, Is.EqualTo(state.DelegatedAddress?.ToBytes()));
        }
    }

    [Test]
    public async Task The_actors_of_an_example_have_their_balances()
    {
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        Vectors.Vector vector = Vectors.VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
        using CarBlockstore car = CarBlockstore.Load(vector.Car, new CarReadOptions { AllowNoRoots = true });
        Cid root = Cid.Parse(vector.PreRoot);
        List<(ulong Id, string Balance)> expected = [];
        StateTree.Load(car, in root, StateRoot.Decode(car.Get(in root)).Version)
            .ForEach((id, state) => expected.Add((id.Value, Convert.ToHexString(state.Balance.ToBytes()))));

        InspectResponse response = await InspectAsync(root, ByteString.CopyFrom(vector.Car));

        Assert.That(expected.Exists(static actor => actor.Balance.Length > 0), Is.True, "some have a balance");
        Assert.That(response.Actors.Select(static actor => (actor.ActorId, Balance: Encoded(actor.Balance))), Is.EqualTo(expected.Order()));
    }

    [Test]
    public async Task A_real_bundle_has_the_actors_of_its_manifest()
    {
        byte[] packed = await File.ReadAllBytesAsync(Repository.Shared("bundles", "builtin-actors-v16-mainnet.car.gz"));
        using CarBlockstore bundle = CarBlockstore.Load(packed);

        InspectResponse response = await InspectAsync(bundle.Roots[0], ByteString.CopyFrom(packed));

        Assert.That(response.Kind, Is.EqualTo(RootKind.Bundle));
        Assert.That(response.Bundle.Select(static actor => actor.Name), Does.Contain("storagemarket").And.Contain("evm").And.Exactly(16).Items);
        foreach (BundleEntry actor in response.Bundle)
        {
            Assert.That(Cid.TryRead(actor.Code.Span, out Cid code, out _) && bundle.Has(in code), Is.True, actor.Name);
        }
    }

    [Test]
    public async Task A_made_bundle_is_listed_and_one_without_its_list_or_with_a_broken_one_is_named()
    {
        Cid code = MadeState.Nowhere(1);
        Cid whole = Bundle(Manifest.EncodeList([("system", code)]));
        Cid broken = Bundle([0xa0]);
        Cid withoutList = MadeState.Put(_store, RootOf(MadeState.Nowhere(2)));
        ByteString car = MadeState.Car(_store.Snapshot());

        BundleEntry actor = (await InspectAsync(whole, car)).Bundle.Single();
        Assert.That((actor.Name, actor.Code), Is.EqualTo(("system", ToClient.Bytes(in code))));
        await AssertBrokenAsync(broken, car, Manifest.DecodeRoot(_store.Get(in broken)!).List);
        await AssertBrokenAsync(withoutList, car, MadeState.Nowhere(2));

        Cid Bundle(byte[] list) => MadeState.Put(_store, RootOf(MadeState.Put(_store, list)));
    }

    [Test]
    public async Task Blocks_of_other_kinds_are_returned_and_a_missing_one_is_no_error()
    {
        Cid text = MadeState.Put(_store, [0x62, 0x68, 0x69]);
        byte[] root = new StateRoot(StateTreeVersion.V5, text, text).Encode();
        Cid raw = Cid.Blake2b256(Multicodec.Raw, root);
        _store.Put(in raw, root);
        ByteString car = MadeState.Car(_store.Snapshot());

        InspectResponse block = await InspectAsync(text, car);
        InspectResponse code = await InspectAsync(raw, car);
        InspectResponse missing = await InspectAsync(MadeState.Nowhere(1), car);

        Assert.That((block.Kind, block.Block.ToByteArray()), Is.EqualTo((RootKind.Block, new byte[] { 0x62, 0x68, 0x69 })));
        Assert.That((code.Kind, code.Block.ToByteArray()), Is.EqualTo((RootKind.Block, root)), "raw bytes are no state root");
        Assert.That((missing.Kind, missing.HasBlock), Is.EqualTo((RootKind.Missing, false)));
    }

    [Test]
    public async Task An_incomplete_state_has_the_actors_within_reach_and_the_missing_nodes()
    {
        Cid root = MadeState.Tree(_store, 500);
        Cid tree = StateRoot.Decode(_store.Get(in root)!).Actors;
        HashSet<Cid> dropped = [.. _store.Snapshot().Select(static block => block.Key).Where(cid => cid != root && cid != tree).Order().Take(7)];
        ByteString car = MadeState.Car(_store.Snapshot().Where(block => !dropped.Contains(block.Key)));

        InspectResponse response = await InspectAsync(root, car);

        Assert.That(response.Kind, Is.EqualTo(RootKind.StateTree));
        Assert.That(response.Actors, Has.Count.InRange(1, 499));
        Assert.That(response.MissingNodes, Is.EqualTo((ulong)response.MissingNodeCids.Count).And.Positive);
        Assert.That(response.MissingNodeCids, Is.SubsetOf(dropped.Select(static cid => ToClient.Bytes(in cid))).And.Unique);

        InspectResponse rootOnly = await InspectAsync(root, MadeState.Car(_store.Snapshot().Where(block => block.Key == root)));
        Assert.That((rootOnly.Kind, rootOnly.Actors.Count, rootOnly.MissingNodes), Is.EqualTo((RootKind.StateTree, 0, 1UL)));
        Assert.That(rootOnly.MissingNodeCids.Single(), Is.EqualTo(ToClient.Bytes(in tree)));
    }

    [Test]
    public async Task Of_very_many_missing_nodes_a_thousand_are_listed()
    {
        Cid[] nodes = [.. Enumerable.Range(0, 32).Select(node =>
            MadeState.Node(_store, [.. Enumerable.Range(32 * node, 32).Select(MadeState.Nowhere)]))];
        Cid root = MadeState.RootOf(_store, MadeState.Node(_store, nodes));

        InspectResponse response = await InspectAsync(root, MadeState.Car(_store.Snapshot()));

        Assert.That((response.MissingNodes, response.MissingNodeCids.Count), Is.EqualTo((1_024UL, 1_000)));
    }

    [Test]
    public async Task Malformed_and_cyclic_looking_and_too_deep_trees_are_named_with_the_node()
    {
        Cid notANode = MadeState.Put(_store, [0x80]);
        Cid shared = MadeState.Node(_store, MadeState.Nowhere(1));
        Cid linksToRaw = MadeState.Node(_store, Cid.Blake2b256(Multicodec.Raw, [1]));
        Cid chain = MadeState.Nowhere(2);
        for (int level = 0; level < 100; level++)
        {
            chain = MadeState.Node(_store, chain);
        }

        Cid knot = MadeState.Nowhere(3);
        for (int level = 0; level < 40; level++)
        {
            knot = MadeState.Node(_store, [.. Enumerable.Repeat(knot, 32)]);
        }

        foreach ((Cid tree, Cid? named) in new[]
        {
            (notANode, notANode),
            (MadeState.Node(_store, notANode), notANode),
            (MadeState.Node(_store, shared, shared), shared),
            (linksToRaw, (Cid?)linksToRaw),
            (chain, null),
            (knot, null),
        })
        {
            await AssertBrokenAsync(MadeState.RootOf(_store, in tree), MadeState.Car(_store.Snapshot()), named);
        }
    }

    [Test]
    public async Task An_actor_that_does_not_decode_fails_only_its_page()
    {
        Hamt map = new(_store, HamtOptions.State);
        map.Set(Address.NewId(200).ToBytes(), new byte[] { 0x80 });
        map.Set(Address.NewId(100).ToBytes(), MadeState.ActorOf(0).Encode(StateTreeVersion.V5));
        Cid tree = map.Flush();
        Cid root = MadeState.RootOf(_store, in tree);
        ByteString car = MadeState.Car(_store.Snapshot());

        InspectResponse first = await InspectAsync(root, car, max: 1);
        Assert.That((first.Actors.Single().ActorId, first.NextActorId), Is.EqualTo((100UL, 200UL)));
        await AssertBrokenAsync(root, car, tree);
    }

    [Test]
    public async Task A_key_that_is_no_ID_is_named_with_its_node()
    {
        Hamt map = new(_store, HamtOptions.State);
        map.Set([1, 2, 3], MadeState.ActorOf(0).Encode(StateTreeVersion.V5));
        Cid tree = map.Flush();
        await AssertBrokenAsync(MadeState.RootOf(_store, in tree), MadeState.Car(_store.Snapshot()), tree);
    }

    [Test]
    public async Task Requests_that_cannot_be_inspected_name_the_field()
    {
        Cid root = MadeState.Tree(_store, 1);
        BlockSource source = new() { Car = MadeState.Car(_store.Snapshot()) };
        foreach ((InspectRequest request, string field) in new[]
        {
            (new InspectRequest { Root = ToClient.Bytes(in root) }, "source"),
            (new InspectRequest { Source = source }, "root"),
            (new InspectRequest { Source = source, Root = ByteString.CopyFrom([.. root.ToBytes(), 0]) }, "root"),
            (new InspectRequest { Source = source, Root = ToClient.Bytes(in root), MaxActors = 10_001 }, "max_actors"),
            (new InspectRequest { Source = new BlockSource { Car = ByteString.CopyFromUtf8("no CAR") }, Root = ToClient.Bytes(in root) }, "source.car"),
        })
        {
            RpcException status = await RefusedAsync(request);
            Assert.That((status.StatusCode, Detail(status).Subject), Is.EqualTo((StatusCode.InvalidArgument, field)));
        }
    }

    [Test]
    public async Task A_block_or_list_larger_than_a_message_is_refused_by_the_limit()
    {
        byte[] large = new byte[(MaxFrameMib << 20) + 1];
        Cid raw = Cid.Blake2b256(Multicodec.Raw, large);
        _store.Put(in raw, large);
        Cid bundle = MadeState.Put(_store, RootOf(MadeState.Put(_store, large)));
        BlockSource source = new() { Car = MadeState.Car(_store.Snapshot(), pack: true) };
        foreach (Cid root in (Cid[])[raw, bundle])
        {
            RpcException status = await RefusedAsync(new InspectRequest { Source = source, Root = ToClient.Bytes(in root) });
            Assert.That((status.StatusCode, Detail(status).Subject), Is.EqualTo((StatusCode.ResourceExhausted, "frame_bytes")));
        }
    }

    [Test]
    public void A_cancelled_walk_ends_at_the_next_node()
    {
        Cid root = MadeState.Tree(_store, 5_000);
        using CancellationTokenSource cancelled = new();
        CountingStore counting = new(_store, gets =>
        {
            if (gets == 10)
            {
                cancelled.Cancel();
            }
        });
        InspectRequest request = new() { Root = ToClient.Bytes(in root) };

        Assert.That(() => BlockInspection.Of(request, counting, int.MaxValue, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(counting.Gets, Is.EqualTo(10));
    }

    [TestCase("ok", 0)]
    [TestCase("child-missing", 1)]
    [TestCase("hamt-missing", 1)]
    [TestCase("sys-missingman", 0)]
    [TestCase("actor-state-missing", 0)]
    [TestCase("actor-4", -1)]
    [TestCase("root-2", -1)]
    [TestCase("ptr-int", -1)]
    [TestCase("chain52", -1)]
    [TestCase("bucket-dup", -1)]
    public async Task State_trees_that_were_found_are_listed_or_refused(string name, int missing)
    {
        byte[] car = await File.ReadAllBytesAsync(Repository.Shared("finds", "files", "statetree", name + ".car"));
        using CarBlockstore blocks = CarBlockstore.Load(car);
        if (missing < 0)
        {
            await AssertBrokenAsync(blocks.Roots[0], ByteString.CopyFrom(car), null);
            return;
        }

        InspectResponse response = await InspectAsync(blocks.Roots[0], ByteString.CopyFrom(car));
        Assert.That((response.Kind, response.MissingNodes), Is.EqualTo((RootKind.StateTree, (ulong)missing)));
    }

    private static byte[] RootOf(Cid list)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(2);
        writer.WriteUInt(Manifest.Version);
        writer.WriteCid(in list);
        return writer.ToArray();
    }

    private static string Encoded(Protocol.V1.TokenAmount amount) => amount.Magnitude.IsEmpty
        ? string.Empty
        : (amount.Negative ? "01" : "00") + Convert.ToHexString(amount.Magnitude.Span);

    private static ErrorDetail Detail(RpcException status) => status.GetRpcStatus()!.Details[0].Unpack<ErrorDetail>();

    private async Task<InspectResponse> InspectAsync(Cid root, ByteString car, ulong first = 0, uint max = 0) => await _client.InspectAsync(
        new InspectRequest { Source = new BlockSource { Car = car }, Root = ToClient.Bytes(in root), FirstActorId = first, MaxActors = max });

    private async Task<RpcException> RefusedAsync(InspectRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await _client.InspectAsync(request)))!;

    // With the CID of the broken block.
    private async Task AssertBrokenAsync(Cid root, ByteString car, Cid? named)
    {
        RpcException status = await RefusedAsync(new InspectRequest { Source = new BlockSource { Car = car }, Root = ToClient.Bytes(in root) });
        ErrorDetail detail = Detail(status);
        Assert.That((status.StatusCode, detail.Reason), Is.EqualTo((StatusCode.FailedPrecondition, ErrorReason.BrokenState)), status.Status.Detail);
        Assert.That(() => Cid.Parse(detail.Subject), Throws.Nothing);
        Assert.That(status.Status.Detail, Does.Contain(detail.Subject));
        if (named is Cid expected)
        {
            Assert.That(detail.Subject, Is.EqualTo(expected.ToString()));
        }
    }

    private sealed class CountingStore(IBlockstore store, Action<int> onGet) : IBlockstore
    {
        public int Gets { get; private set; }

        public byte[]? Get(in Cid cid)
        {
            onGet(++Gets);
            return store.Get(in cid);
        }

        public bool Has(in Cid cid) => store.Has(in cid);

        public void Put(in Cid cid, byte[] block) => store.Put(in cid, block);

        public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => store.PutMany(blocks);
    }
}
