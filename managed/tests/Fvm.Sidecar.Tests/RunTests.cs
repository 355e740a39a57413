using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;
using FrameCase = Fvm.Protocol.V1.SessionResponse.FrameOneofCase;

namespace Fvm.Sidecar.Tests;

/// <summary>Several steps of a machine in one call have the results of single calls, and fail like these.</summary>
public sealed class RunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Examples = ["caller", "chain", "counter-nv21", "counter", "debugging", "events", "failing", "transfers"];

    private static readonly (string Set, int Every)[] Recorded = [("nv18/sends", 60), ("nv24/paych", 30), ("nv28/evm", 60), ("nv28/carried", 40)];

    [TestCaseSource(nameof(Examples))]
    public async Task An_example_in_one_call_has_its_results(string name)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Vector vector = await ReadAsync(name);

        await ReplayAsync(server, vector, new MemoryBlockstore(), TraceForm.Digest);
        await ReplayAsync(server, vector, new MemoryBlockstore(), TraceForm.Events, static run => run.StreamsResults = true);
    }

    [TestCaseSource(nameof(Recorded))]
    public async Task Recorded_messages_in_one_call_have_their_results((string Set, int Every) part)
    {
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer server = await RunningServer.StartAsync();
        int replayed = 0;
        foreach (VectorOrError entry in VectorFiles.Read([Repository.Shared("vectors", "recorded", part.Set + ".ndjson.gz")]).Where((_, i) => i % part.Every == 0))
        {
            await ReplayAsync(server, entry.Vector!, bundles.Open(entry.Vector!.Bundle!), TraceForm.Digest);
            replayed++;
        }

        Assert.That(replayed, Is.GreaterThan(0));
    }

    [Test]
    public async Task Results_and_blocks_beyond_a_frame_come_in_parts_and_each_result_alone_if_asked_for()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RunningServer small = await RunningServer.StartAsync(static options => options with { MaxFrameBytes = 16 << 10 });
        Vector vector = await ReadAsync("counter");

        int whole = await ReplayAsync(server, vector, new MemoryBlockstore(), TraceForm.Digest);
        int split = await ReplayAsync(small, vector, new MemoryBlockstore(), TraceForm.Digest);
        int streamed = await ReplayAsync(server, vector, new MemoryBlockstore(), TraceForm.Digest, static run => run.StreamsResults = true);

        Assert.That((whole, streamed), Is.EqualTo((0, vector.Messages.Count)));
        Assert.That(split, Is.Positive);
    }

    [Test]
    public async Task A_run_goes_on_with_the_machine_of_another_and_puts_its_blocks_by_callbacks_unless_it_returns_them()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Vector vector = await ReadAsync("counter");
        VectorHost host = HostOf(vector);
        int puts = 0;
        await using SessionClient client = new(server.Channel, callback =>
        {
            puts += callback.QuestionCase == Callback.QuestionOneofCase.PutBlocks ? 1 : 0;
            return host.Answer(callback);
        });
        await client.OpenAsync();
        Assert.That((await client.NextAsync()).Opened.Limits.RunMessages, Is.EqualTo(10_000));
        RunMachine first = Whole(vector);
        RunMachine second = new() { MachineId = first.MachineId, Flushes = true, Drops = true };
        second.Messages.AddRange(first.Messages.Skip(5));
        while (first.Messages.Count > 5)
        {
            first.Messages.RemoveAt(5);
        }

        (first.Drops, first.Flushes, first.ReturnsBlocks) = (false, false, false);
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = first });
        SessionResponse begun = await client.NextAsync();
        Assert.That(begun.MachineRan.StateRoot.IsEmpty, Is.True);
        Assert.That((begun.MachineRan.FlushCost, begun.MachineRan.Rest.Executed.Count), Is.EqualTo(((ExecutionCost?)null, 5)));
        int before = puts;
        await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = second });
        SessionResponse ended = await client.NextAsync();

        Assert.That(ReplayTests.Text(ended.MachineRan.StateRoot), Is.EqualTo(vector.PostRoot));
        Assert.That((ended.MachineRan.CreationCost, ended.MachineRan.Rest.Blocks.Count), Is.EqualTo(((ExecutionCost?)null, 0)));
        Assert.That(puts, Is.EqualTo(before + 1));
    }

    [Test]
    public async Task A_refused_message_ends_the_run_with_its_index_after_the_results_before_it_and_the_machine_goes_on()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Vector vector = await ReadAsync("counter");
        await using SessionClient client = await OpenAsync(server, HostOf(vector).Answer);
        RunMachine broken = Whole(vector);
        broken.Drops = false;
        MessageInput[] all = [.. broken.Messages];
        broken.Messages[3] = new MessageInput { Message = ByteString.CopyFrom(0xff), Kind = Protocol.V1.ApplyKind.Explicit };
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = broken });
        Assert.That((await client.NextAsync()).RunPart.Executed, Has.Count.EqualTo(3));
        CallError error = (await client.NextAsync()).Error;
        Assert.That((error.Detail.Reason, error.Detail.HasMessageIndex, error.Detail.MessageIndex), Is.EqualTo((ErrorReason.MalformedMessage, true, 3u)));

        RunMachine rest = new() { MachineId = broken.MachineId, Flushes = true, Drops = true, Messages = { all[3..] } };
        await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = rest });

        Assert.That(ReplayTests.Text((await client.NextAsync()).MachineRan.StateRoot), Is.EqualTo(vector.PostRoot));
    }

    private static IEnumerable<TestCaseData> Refused =>
    [
        Refusal("no_settings", StatusCode.FailedPrecondition, static run => run.Settings = null),
        Refusal("no_identifier", StatusCode.FailedPrecondition, static run => run.MachineId = 0),
        Refusal("unknown_network_version", StatusCode.Unimplemented, static run => run.Settings.NetworkVersion = 9),
        Refusal("malformed_root", StatusCode.InvalidArgument, static run => run.Settings.StateRoot = ByteString.CopyFrom(1, 2, 3)),
        Refusal("unknown_root", StatusCode.FailedPrecondition, static run => run.Settings.StateRoot = SessionTests.Settings().StateRoot),
        Refusal("false_block", StatusCode.InvalidArgument, static run => run.Blocks.Add(new Protocol.V1.Block { Cid = run.Settings.StateRoot })),
        Refusal("no_kind", StatusCode.InvalidArgument, static run => run.Messages[0].Kind = default),
        Refusal("empty_message", StatusCode.InvalidArgument, static run => run.Messages[0] = new MessageInput()),
        Refusal("no_tracing", StatusCode.FailedPrecondition, static run => run.Settings.Tracing = false),
        Refusal("too_many_messages", StatusCode.ResourceExhausted,
            static run => run.Messages.AddRange(Enumerable.Repeat(new MessageInput(), 10_000))),
    ];

    // Its machine is gone, with a run that creates it; the session goes on.
    [TestCaseSource(nameof(Refused))]
    public async Task A_run_that_is_refused_leaves_nothing(StatusCode code, Action<RunMachine> change)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Vector vector = await ReadAsync("transfers");
        await using SessionClient client = await OpenAsync(server, HostOf(vector).Answer);
        RunMachine run = Whole(vector, TraceForm.Digest);
        change(run);
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = run });

        Assert.That((StatusCode)((await client.NextAsync()).Error?.Code ?? 0), Is.EqualTo(code));
        await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = Whole(vector) });
        Assert.That(ReplayTests.Text((await client.NextAsync()).MachineRan.StateRoot), Is.EqualTo(vector.PostRoot));
        Assert.That(SpinWait.SpinUntil(() => server.Shared.Machines == 0, Patience), Is.True);
    }

    [Test]
    public async Task A_run_beyond_the_limit_of_frames_ends_its_session_and_one_beyond_the_limit_of_bytes_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { MaxFrameBytes = 1 << 20, MaxSessionBytes = 256 << 10 });
        Vector vector = await ReadAsync("transfers");
        await using SessionClient client = await OpenAsync(server, HostOf(vector).Answer);
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = Large(vector, 300 << 10) });
        Assert.That((await client.NextAsync()).Error.Detail.Subject, Is.EqualTo("bytes"));
        try
        {
            await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = Large(vector, 2 << 20) });
        }
        catch (RpcException)
        {
            // The session has ended in the meantime; its status is read below.
        }

        RpcException status = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;

        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_cancelled_run_ends_in_the_midst_and_its_machine_takes_no_more_calls(bool drops)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Vector vector = await ReadAsync("counter");
        VectorHost host = HostOf(vector);
        using SemaphoreSlim asked = new(0);
        bool answers = true;
        await using SessionClient client = await OpenAsync(server, callback =>
        {
            if (Volatile.Read(ref answers))
            {
                return host.Answer(callback);
            }

            asked.Release();
            return null;
        }, prefetches: false);
        RunMachine creation = Whole(vector);
        MessageInput[] messages = [.. creation.Messages];
        creation.Messages.Clear();
        (creation.Flushes, creation.Drops) = (false, false);
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = creation });
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(FrameCase.MachineRan));

        // Nothing else is answered: the run waits in its first message.
        Volatile.Write(ref answers, false);
        RunMachine run = new() { MachineId = creation.MachineId, Messages = { messages }, Drops = drops };
        await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = run });
        Assert.That(await asked.WaitAsync(Patience), Is.True);
        await client.SendAsync(new SessionRequest { CallId = 2, CancelCall = new CancelCall() });
        CallError error = (await client.NextAsync()).Error;
        Assert.That((error.Detail.Reason, error.Detail.MessageIndex), Is.EqualTo((ErrorReason.Cancelled, 0u)));
        await client.SendAsync(new SessionRequest { CallId = 3, RunMachine = new RunMachine { MachineId = run.MachineId, Flushes = true } });

        ErrorReason expected = drops ? ErrorReason.UnknownOrUsedId : ErrorReason.MachineBroken;
        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_client_that_dies_in_the_midst_of_a_run_gives_its_lane_back()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { Lanes = 1, CallbackTimeout = TimeSpan.FromMinutes(10) });
        Vector vector = await ReadAsync("counter");
        using SemaphoreSlim asked = new(0);
        SessionClient dying = await OpenAsync(server, _ =>
        {
            asked.Release();
            return null;
        });
        await dying.SendAsync(new SessionRequest { CallId = 1, RunMachine = Whole(vector) });
        Assert.That(await asked.WaitAsync(Patience), Is.True);

        await dying.DisposeAsync();

        await ReplayAsync(server, vector, new MemoryBlockstore(), TraceForm.Unspecified);
        Assert.That(SpinWait.SpinUntil(() => server.Shared.Sessions + server.Shared.Machines == 0, Patience), Is.True);
    }

    [TestCase(Priority.High, true)]
    [TestCase(Priority.Low, false)]
    public async Task Between_messages_a_run_makes_way_for_calls_that_wait_for_its_lane_unless_their_priority_is_lower(Priority other, bool makesWay)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { Lanes = 1, BlockCacheBytes = 0, Prefetches = false });
        Vector vector = await ReadAsync("counter");
        VectorHost host = HostOf(vector);
        int answered = 0;
        using ManualResetEventSlim mayAnswer = new();
        using SemaphoreSlim asked = new(0);
        await using SessionClient running = await OpenAsync(server, callback =>
        {
            asked.Release();
            mayAnswer.Wait(Patience);
            Interlocked.Increment(ref answered);
            return host.Answer(callback);
        });
        RunMachine run = Whole(vector);
        run.ReturnsBlocks = false;
        await running.SendAsync(new SessionRequest { CallId = 1, RunMachine = run });
        Assert.That(await asked.WaitAsync(Patience), Is.True);
        int before = -1;
        await using SessionClient waiting = await OpenAsync(server, _ =>
        {
            before = Volatile.Read(ref answered);
            return new CallbackAnswer { Failure = new CallbackFailure() };
        });
        RunMachine second = new() { MachineId = 1, Settings = SessionTests.Settings(), Priority = other };
        await waiting.SendAsync(new SessionRequest { CallId = 1, RunMachine = second });
        Assert.That(SpinWait.SpinUntil(() => server.Shared.Queued == 1, Patience), Is.True);

        mayAnswer.Set();

        List<MessageExecuted> executed = [];
        SessionResponse frame;
        while ((frame = await running.NextAsync()).FrameCase == FrameCase.RunPart)
        {
            executed.AddRange(frame.RunPart.Executed);
        }

        Assert.That(ReplayTests.Text(frame.MachineRan.StateRoot), Is.EqualTo(vector.PostRoot));
        Assert.That(executed, makesWay ? Is.Not.Empty : Is.Empty, "it sends what it has before it makes way");
        Assert.That((await waiting.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackFailed));
        Assert.That(before, makesWay ? Is.LessThan(answered) : Is.EqualTo(answered));
    }

    [Test]
    public async Task Blocks_of_many_messages_are_asked_for_together()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { BlockCacheBytes = 0 });
        Vector vector = await ReadAsync("transfers");
        int single = await ReplayTests.ReplayAsync(server, vector, new BundleCatalog(null, null));
        await using SessionClient client = await OpenAsync(server, HostOf(vector).Answer);
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = Whole(vector) });

        MachineRan ran = (await client.NextAsync()).MachineRan;

        Assert.That(ran.Rest.Executed.Sum(static executed => (long)executed.Result.Cost.RoundTrips), Is.LessThan(vector.Messages.Count));
        Assert.That(ran.FlushCost.RoundTrips, Is.Zero, "the blocks come with the answer");
        Assert.That(client.Callbacks, Is.LessThan(single));
    }

    // The number of frames with parts of the run.
    private static async Task<int> ReplayAsync(
        RunningServer server, Vector vector, IBlockstore bundle, TraceForm trace, Action<RunMachine>? change = null)
    {
        VectorHost host = HostOf(vector, bundle);
        await using SessionClient client = await OpenAsync(server, host.Answer);
        RunMachine run = Whole(vector, trace);
        change?.Invoke(run);
        await client.SendAsync(new SessionRequest { CallId = 1, RunMachine = run });
        List<MessageExecuted> executed = [];
        List<Protocol.V1.Block> blocks = [];
        SessionResponse frame;
        int parts = 0;
        ulong events = 0;
        while ((frame = await client.NextAsync()).FrameCase is FrameCase.RunPart or FrameCase.TraceEvents)
        {
            parts += frame.FrameCase == FrameCase.RunPart ? 1 : 0;
            executed.AddRange(frame.RunPart?.Executed ?? []);
            blocks.AddRange(frame.RunPart?.Blocks ?? []);
            events += (ulong)(frame.TraceEvents?.Events.Count ?? 0);
        }

        Assert.That(frame.FrameCase, Is.EqualTo(FrameCase.MachineRan), frame.Error?.Message);
        executed.AddRange(frame.MachineRan.Rest?.Executed ?? []);
        blocks.AddRange(frame.MachineRan.Rest?.Blocks ?? []);
        Assert.That(executed, Has.Count.EqualTo(vector.Messages.Count));
        if (trace != TraceForm.Unspecified)
        {
            for (int i = 0; i < executed.Count; i++)
            {
                ReplayTests.Compare(executed[i], vector, i);
            }
        }

        Assert.That(events, Is.EqualTo(trace == TraceForm.Events ? (ulong)executed.Sum(static item => (long)item.Trace.Events) : 0));
        Assert.That(ReplayTests.Text(frame.MachineRan.StateRoot), Is.EqualTo(vector.PostRoot));
        Assert.That(frame.MachineRan.FlushCost.RoundTrips, Is.Zero);
        if (vector.PostRoot != vector.PreRoot)
        {
            // A later machine of the session has what came with the answer.
            Assert.That(blocks.Select(static block => block.Cid), Does.Contain(frame.MachineRan.StateRoot));
            host.Answer(new Callback { PutBlocks = new PutBlocks { Blocks = { blocks } } });
            RunMachine next = new() { MachineId = 1, Settings = run.Settings.Clone(), Flushes = true, ReturnsBlocks = true, Drops = true };
            next.Settings.StateRoot = frame.MachineRan.StateRoot;
            await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = next });
            SessionResponse again = await client.NextAsync();
            Assert.That(again.MachineRan?.StateRoot, Is.EqualTo(frame.MachineRan.StateRoot), again.Error?.Message);
        }

        return parts;
    }

    private static TestCaseData Refusal(string name, StatusCode code, Action<RunMachine> change) => new TestCaseData(code, change).SetArgDisplayNames(name);

    private static RunMachine Large(Vector vector, int bytes)
    {
        RunMachine run = Whole(vector);
        run.Blocks.Add(new Protocol.V1.Block { Data = ByteString.CopyFrom(new byte[bytes]) });
        return run;
    }

    private static RunMachine Whole(Vector vector, TraceForm trace = TraceForm.Unspecified) => new()
    {
        MachineId = ReplayTests.Machine,
        Settings = ReplayTests.Settings(vector, vector.Variants[0]),
        Messages = { vector.Messages.Select(static message => ReplayTests.Execution(message, 0, default).ExecuteMessage.Input) },
        Trace = trace,
        Flushes = true,
        ReturnsBlocks = true,
        Drops = true,
    };

    private static VectorHost HostOf(Vector vector, IBlockstore? bundle = null) =>
        new(vector, new LayeredBlockstore(new MemoryBlockstore(), CarBlocks.Read(vector.Car, "car"), bundle ?? new MemoryBlockstore()));

    private static async Task<Vector> ReadAsync(string example)
    {
        string path = Repository.PathOf("examples", "vectors", example + ".json");
        return VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
    }

    private static async Task<SessionClient> OpenAsync(RunningServer server, Func<Callback, CallbackAnswer?> answer, bool prefetches = true)
    {
        SessionClient client = new(server.Channel, answer);
        await client.OpenAsync(prefetches);
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(FrameCase.Opened));
        return client;
    }
}
