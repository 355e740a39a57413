using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;

namespace Fvm.Sidecar.Tests;

/// <summary>Guesses save round trips, and never change a result, whatever the client answers to them.</summary>
public sealed class PrefetchTests
{
    private const int MostCids = 128;

    private static readonly (string Set, int Every)[] Recorded =
        [("nv18/sends", 40), ("nv21/carried", 15), ("nv24/paych", 20), ("nv28/evm", 30), ("nv28/carried", 8)];

    // What a client may answer to guesses; the first block of a get may be wanted.
    private static readonly (string Name, Func<VectorHost, Callback, CallbackAnswer> Answer)[] Clients =
    [
        ("lacks guesses", static (host, callback) => Change(host.Answer(callback), static _ => new MaybeBlock())),
        ("lies", static (host, callback) => Change(host.Answer(callback), static _ => new MaybeBlock { Data = ByteString.CopyFromUtf8("another") })),
        ("lies with links", static (host, callback) => Change(host.Answer(callback), static _ => new MaybeBlock { Data = WideNode() })),
        ("fails", static (host, callback) => callback.GetBlocks?.Cids.Count > 1 ? Failure() : host.Answer(callback)),
        ("denies", static (host, callback) => Deny(host.Answer(callback))),
    ];

    private static IEnumerable<string> ClientNames => Clients.Select(static client => client.Name);

    [TestCaseSource(nameof(Recorded))]
    public async Task Recorded_messages_have_their_results_with_and_without_guesses_and_fewer_round_trips_with_them((string Set, int Every) part)
    {
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer on = await RunningServer.StartAsync(static options => options with { BlockCacheBytes = 0 });
        await using RunningServer off = await RunningServer.StartAsync(static options => options with { BlockCacheBytes = 0, Prefetches = false });
        int with = 0;
        int without = 0;
        foreach (Vector vector in VectorsOf(part.Set, part.Every))
        {
            with += await ReplayTests.ReplayAsync(on, vector, bundles);
            without += await ReplayTests.ReplayAsync(off, vector, bundles, static (host, callback) =>
            {
                Assert.That(callback.GetBlocks?.Cids.Count ?? 1, Is.EqualTo(1), "nothing is guessed");
                return host.Answer(callback);
            });
        }

        Assert.That(with, Is.Positive.And.LessThan(without));
        TestContext.Out.WriteLine($"{part.Set}: {with} round trips instead of {without}");
    }

    [TestCaseSource(nameof(ClientNames))]
    public async Task What_a_client_answers_to_guesses_changes_no_result(string name)
    {
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer server = await RunningServer.StartAsync();
        Func<VectorHost, Callback, CallbackAnswer> answer = Clients.Single(client => client.Name == name).Answer;
        int guesses = 0;

        // Each twice: the second time it is asked for what the first one read, and nothing is looked for beyond that.
        IEnumerable<Vector> vectors = VectorsOf("nv28/carried", 10).Concat(VectorsOf("nv28/evm", 30));
        foreach (Vector vector in vectors.SelectMany(static vector => new[] { vector, vector }))
        {
            await ReplayTests.ReplayAsync(server, vector, bundles, (host, callback) =>
            {
                guesses += callback.GetBlocks?.Cids.Count > 1 ? 1 : 0;
                return answer(host, callback);
            });
        }

        Assert.That(guesses, Is.Positive);
    }

    [Test]
    public async Task Guesses_in_a_state_of_endless_width_and_depth_are_bounded()
    {
        // Each block links 32 others, and each lookup goes on for ever: until the machine wants the first one, and sees that it is another.
        int asked = 0;
        int most = 0;
        await using RunningServer server = await RunningServer.StartAsync();
        ByteString root = StateRoot();
        await using SessionClient client = new(server.Channel, callback =>
        {
            if (callback.QuestionCase == Callback.QuestionOneofCase.PutBlocks)
            {
                return new CallbackAnswer { Stored = new StoredAnswer() };
            }

            int count = callback.GetBlocks?.Cids.Count ?? 0;
            asked += count;
            most = Math.Max(most, count);
            return new CallbackAnswer { Blocks = new BlocksAnswer { Blocks = { callback.GetBlocks!.Cids.Select(cid => Node(cid, root)) } } };
        });
        await client.OpenAsync();
        await client.NextAsync();
        MachineSettings settings = SessionTests.Settings();
        settings.StateRoot = CidOf(root);

        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = settings } });

        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackMismatch));
        Assert.That(most, Is.LessThanOrEqualTo(MostCids));
        Assert.That(asked, Is.InRange(10, 24 * 4));
        Assert.That(server.Shared.Holders.Single().HeldBytes, Is.LessThan(2 << 20));
    }

    [Test]
    public async Task A_session_that_refuses_guesses_gets_none()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        List<int> counts = [];
        await using SessionClient client = new(server.Channel, callback =>
        {
            counts.Add(callback.GetBlocks?.Cids.Count ?? 0);
            return new CallbackAnswer { Failure = new CallbackFailure() };
        });
        await client.SendAsync(new SessionRequest { Open = new OpenSession { NoPrefetch = true } });
        await client.NextAsync();

        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = SessionTests.Settings() } });
        await client.NextAsync();

        Assert.That(counts, Is.EqualTo(new[] { 0 }), "only whether the state root exists");
    }

    [Test]
    public async Task A_block_that_the_client_lacks_stays_missing_though_other_clients_have_it([Values] bool prefetches)
    {
        Vector vector = VectorsOf("nv28/carried", 1000).Single();
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer empty = await RunningServer.StartAsync(options => options with { Prefetches = prefetches });
        await using RunningServer full = await RunningServer.StartAsync(options => options with { Prefetches = prefetches });
        HashSet<ByteString> read = [];
        for (int i = 0; i < 8; i++)
        {
            await ReplayTests.ReplayAsync(full, vector, bundles, (host, callback) =>
            {
                read.UnionWith(callback.GetBlocks?.Cids ?? []);
                return host.Answer(callback);
            });
        }

        Assert.That(full.Shared.Blocks.Count, Is.GreaterThan(20), "the other client's blocks are in the cache");
        int without = 0;

        // Prepared code is shared by its CID, as the reference's engine does.
        foreach (ByteString lacking in read.Where(static cid => Cid.TryRead(cid.Span, out Cid read, out _) && read.Codec == Multicodec.DagCbor))
        {
            string alone = await OutcomeAsync(empty, vector, bundles, lacking);
            Assert.That(await OutcomeAsync(full, vector, bundles, lacking), Is.EqualTo(alone), Convert.ToHexString(lacking.Span));
            without += alone.StartsWith("exit 0,", StringComparison.Ordinal) ? 0 : 1;
        }

        Assert.That(without, Is.GreaterThan(10), "the block makes a difference");
    }

    [Test]
    public async Task A_second_machine_of_a_session_asks_for_nothing_that_the_client_has_shown_to_have()
    {
        Vector vector = VectorsOf("nv28/carried", 1000).Single();
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer server = await RunningServer.StartAsync();
        for (int i = 0; i < 8; i++)
        {
            await ReplayTests.ReplayAsync(server, vector, bundles);
        }

        VectorHost host = HostOf(vector, bundles);
        await using SessionClient client = new(server.Channel, host.Answer);
        await client.OpenAsync();
        await client.NextAsync();
        ulong call = 0;
        int[] callbacks = new int[3];
        for (int i = 0; i < callbacks.Length; i++)
        {
            int before = client.Callbacks;
            call = await RunAsync(client, vector, (ulong)i + 1, call);
            callbacks[i] = client.Callbacks - before;
        }

        Assert.That(callbacks[0], Is.InRange(3, 16), "which blocks of the cache exist, and blocks that are not there");
        Assert.That(callbacks[1..], Is.All.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task A_message_like_an_earlier_one_takes_one_round_trip_and_so_does_a_creation()
    {
        Vector vector = VectorsOf("nv28/carried", 1000).Single();
        VectorHost host = HostOf(vector, new BundleCatalog(Repository.Shared("bundles"), null));
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { BlockCacheBytes = 0 });
        List<string> asked = [];
        await using SessionClient client = new(server.Channel, callback =>
        {
            asked.Add($"{callback.QuestionCase} {callback.GetBlocks?.Cids.Count ?? callback.HasBlocks?.Cids.Count}");
            return host.Answer(callback);
        });
        await client.OpenAsync();
        await client.NextAsync();
        ulong call = await RunAsync(client, vector, 1, 0);
        int first = client.Callbacks;

        await RunAsync(client, vector, 2, call);

        Assert.That(first, Is.GreaterThan(6));
        Assert.That(client.Callbacks - first, Is.EqualTo(2), string.Join(", ", asked.Skip(first)));
    }

    [Test]
    public async Task What_a_client_lacked_is_no_guess_of_later_machines_of_its_session()
    {
        Vector vector = VectorsOf("nv28/carried", 1000).Single();
        VectorHost host = HostOf(vector, new BundleCatalog(Repository.Shared("bundles"), null));
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { BlockCacheBytes = 0 });
        HashSet<ByteString> lacked = [];
        HashSet<ByteString> shown = [];
        int guesses = 0;
        int again = 0;
        await using SessionClient client = new(server.Channel, callback =>
        {
            if (callback.GetBlocks is not GetBlocks get)
            {
                return host.Answer(callback);
            }

            guesses += get.Cids.Count - 1;
            again += get.Cids.Skip(1).Count(cid => lacked.Contains(cid) && !shown.Contains(cid));
            lacked.UnionWith(get.Cids.Skip(1));
            shown.Add(get.Cids[0]);
            return Change(host.Answer(callback), static _ => new MaybeBlock());
        });
        await client.OpenAsync();
        await client.NextAsync();
        ulong call = 0;
        for (ulong machine = 1; machine <= 3; machine++)
        {
            call = await RunAsync(client, vector, machine, call);
        }

        Assert.That((guesses > 5, again), Is.EqualTo((true, 0)), $"{guesses} guesses");
    }

    // Runs the vector's first machine and message in a session.
    internal static async Task<ulong> RunAsync(SessionClient client, Vector vector, ulong machine, ulong call)
    {
        await client.SendAsync(new SessionRequest
        {
            CallId = ++call,
            CreateMachine = new CreateMachine { MachineId = machine, Settings = ReplayTests.Settings(vector, vector.Variants[0]) },
        });
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MachineCreated));
        SessionRequest execute = ReplayTests.Execution(vector.Messages[0], ++call, TraceForm.Unspecified);
        execute.ExecuteMessage.MachineId = machine;
        await client.SendAsync(execute);
        MessageResult result = (await client.NextAsync()).MessageExecuted.Result;
        Assert.That(result.Receipt.GasUsed, Is.EqualTo(vector.Receipts[0].GasUsed));
        Assert.That(result.Cost.GuessesUsed, Is.LessThanOrEqualTo(result.Cost.BlocksRequested + result.Cost.CacheHits));
        return call;
    }

    // How creation and the first message end, for a client that lacks a block.
    private static async Task<string> OutcomeAsync(RunningServer server, Vector vector, BundleCatalog bundles, ByteString lacking)
    {
        VectorHost host = HostOf(vector, bundles);
        await using SessionClient client = new(server.Channel, callback => Hide(host.Answer(callback), callback, lacking));
        await client.OpenAsync();
        await client.NextAsync();
        await client.SendAsync(new SessionRequest
        {
            CallId = 1,
            CreateMachine = new CreateMachine { MachineId = ReplayTests.Machine, Settings = ReplayTests.Settings(vector, vector.Variants[0]) },
        });
        SessionResponse created = await client.NextAsync();
        if (created.Error is CallError refused)
        {
            return refused.Message;
        }

        await client.SendAsync(ReplayTests.Execution(vector.Messages[0], 2, TraceForm.Unspecified));
        SessionResponse executed = await client.NextAsync();
        Protocol.V1.Receipt? receipt = executed.MessageExecuted?.Result.Receipt;
        return receipt is null ? executed.Error.Message : $"exit {receipt.ExitCode}, gas {receipt.GasUsed}, {executed.MessageExecuted!.Result.Failure}";
    }

    private static CallbackAnswer Hide(CallbackAnswer answer, Callback callback, ByteString lacking)
    {
        for (int i = 0; i < callback.GetBlocks?.Cids.Count; i++)
        {
            if (callback.GetBlocks.Cids[i].Equals(lacking))
            {
                answer.Blocks.Blocks[i] = new MaybeBlock();
            }
        }

        for (int i = 0; i < callback.HasBlocks?.Cids.Count; i++)
        {
            answer.Existence.Exists[i] &= !callback.HasBlocks.Cids[i].Equals(lacking);
        }

        return answer;
    }

    internal static VectorHost HostOf(Vector vector, BundleCatalog bundles) => new(
        vector, new LayeredBlockstore(new MemoryBlockstore(), CarBlocks.Read(vector.Car, "car"), bundles.Open(vector.Bundle)));

    internal static IEnumerable<Vector> VectorsOf(string set, int every) =>
        VectorFiles.Read([Repository.Shared("vectors", "recorded", set + ".ndjson.gz")])
            .Where((_, index) => index % every == 0).Select(static entry => entry.Vector!);

    // Other answers to all blocks of a get but the first.
    private static CallbackAnswer Change(CallbackAnswer answer, Func<MaybeBlock, MaybeBlock> change)
    {
        for (int i = 1; i < answer.Blocks?.Blocks.Count; i++)
        {
            answer.Blocks.Blocks[i] = change(answer.Blocks.Blocks[i]);
        }

        return answer;
    }

    // Denies blocks that it has, of all but single questions.
    private static CallbackAnswer Deny(CallbackAnswer answer)
    {
        for (int i = 1; i < answer.Existence?.Exists.Count; i++)
        {
            answer.Existence.Exists[i] = false;
        }

        return Change(answer, static _ => new MaybeBlock());
    }

    internal static CallbackAnswer Failure() => new()
    {
        Failure = new CallbackFailure { Kind = CallbackFailureKind.Fatal, Message = "too many at once" },
    };

    internal static MaybeBlock Node(ByteString cid, ByteString root) =>
        new() { Data = cid.Equals(CidOf(root)) ? root : WideNode() };

    internal static ByteString CidOf(ByteString block) =>
        ByteString.CopyFrom(Cid.Blake2b256(Multicodec.DagCbor, block.Span).ToBytes());

    internal static ByteString StateRoot()
    {
        Cid actors = Cid.Blake2b256(Multicodec.DagCbor, [1]);
        return ByteString.CopyFrom(new StateRoot(StateTreeVersion.V5, actors, EmptyState.Cid).Encode());
    }

    // A node of a HAMT that links 32 other ones, none of which exists.
    private static ByteString WideNode()
    {
        const int Width = 32;
        CborWriter writer = new();
        writer.WriteArrayHeader(2);
        writer.WriteBytes([0xff, 0xff, 0xff, 0xff]);
        writer.WriteArrayHeader(Width);
        for (int i = 0; i < Width; i++)
        {
            writer.WriteCid(Cid.Blake2b256(Multicodec.DagCbor, Guid.NewGuid().ToByteArray()));
        }

        return ByteString.CopyFrom(writer.ToArray());
    }
}
