using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

/// <summary>A client creates a machine, answers its callbacks from a vector, and gets the vector's results.</summary>
public sealed class ReplayTests
{
    internal const ulong Machine = 7;

    private static readonly string[] Examples =
        ["caller", "chain", "counter-nv21", "counter", "debugging", "events", "failing", "transfers"];

    // A part of each set; the trace of a check for a consensus fault is in another form in recordings.
    private static readonly (string Set, int Every)[] Recorded =
        [("nv18/sends", 40), ("nv21/multisig", 20), ("nv24/paych", 20), ("nv28/evm", 60), ("nv28/cron", 20), ("nv28/carried", 60)];

    [TestCaseSource(nameof(Examples))]
    public async Task An_example_has_its_results(string name)
    {
        string path = Repository.PathOf("examples", "vectors", name + ".json");
        await using RunningServer server = await RunningServer.StartAsync();

        await ReplayAsync(server, VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false), new BundleCatalog(null, null));
    }

    [TestCaseSource(nameof(Recorded))]
    public async Task Recorded_messages_have_their_results((string Set, int Every) part)
    {
        string file = Repository.Shared("vectors", "recorded", part.Set + ".ndjson.gz");
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer server = await RunningServer.StartAsync();
        int index = 0;
        int replayed = 0;
        foreach (VectorOrError entry in VectorFiles.Read([file]))
        {
            if (index++ % part.Every == 0)
            {
                await ReplayAsync(server, entry.Vector!, bundles);
                replayed++;
            }
        }

        Assert.That(replayed, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_trace_tree_larger_than_a_frame_comes_in_parts()
    {
        // The frames of the largest event or block fit, the tree does not.
        const int SmallFrame = 16 << 10;
        await using RunningServer server = await RunningServer.StartAsync();
        await using RunningServer small = await RunningServer.StartAsync(static options => options with { MaxFrameBytes = SmallFrame });

        (byte[] whole, int one) = await TreesAsync(server, "caller", TraceForm.Tree);
        (byte[] joined, int parts) = await TreesAsync(small, "caller", TraceForm.Tree);

        Assert.That(whole, Has.Length.GreaterThan(SmallFrame));
        Assert.That(joined, Is.EqualTo(whole));
        Assert.That(one, Is.Zero);
        Assert.That(parts, Is.GreaterThan(1));
    }

    [Test]
    public async Task A_frame_beyond_the_limit_ends_the_session_with_a_reason_instead_of_waiting_for_the_client()
    {
        await using RunningServer small = await RunningServer.StartAsync(static options => options with { MaxFrameBytes = 16 << 10 });

        RpcException status = (await Assert.ThrowsAsync<RpcException>(() => TreesAsync(small, "caller", TraceForm.Events)))!;

        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        ErrorDetail detail = status.GetRpcStatus()!.Details[0].Unpack<ErrorDetail>();
        Assert.That((detail.Reason, detail.Subject), Is.EqualTo((ErrorReason.LimitReached, "frame_bytes")));
    }

    // The trees of all messages, one after another, and the number of parts in which they came.
    private static async Task<(byte[] Trees, int Parts)> TreesAsync(RunningServer server, string example, TraceForm form)
    {
        string path = Repository.PathOf("examples", "vectors", example + ".json");
        Vector vector = VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
        VectorHost host = new(vector, new LayeredBlockstore(new MemoryBlockstore(), CarBlocks.Read(vector.Car, "car"), new MemoryBlockstore()));
        await using SessionClient client = new(server.Channel, host.Answer);
        await client.OpenAsync();
        await client.SendAsync(new SessionRequest
        {
            CallId = 1,
            CreateMachine = new CreateMachine { MachineId = Machine, Settings = Settings(vector, vector.Variants[0]) },
        });
        await client.NextAsync();
        await client.NextAsync();
        List<byte> trees = [];
        int parts = 0;
        for (int i = 0; i < vector.Messages.Count; i++)
        {
            await client.SendAsync(Execution(vector.Messages[i], (ulong)i + 2, form));
            SessionResponse frame;
            while ((frame = await client.NextAsync()).FrameCase is SessionResponse.FrameOneofCase.TraceTreePart or SessionResponse.FrameOneofCase.TraceEvents)
            {
                trees.AddRange(frame.TraceTreePart?.Data.ToByteArray() ?? []);
                parts++;
            }

            Assert.That(frame.FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MessageExecuted), frame.Error?.Message);
            trees.AddRange(frame.MessageExecuted.Trace.Tree.ToByteArray());
        }

        return (trees.ToArray(), parts);
    }

    /// <summary>Replays a vector, and compares everything with what was recorded.</summary>
    /// <param name="server">The server.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="bundles">Actors.</param>
    /// <param name="answer">Answers callbacks with the help of an honest host; null for the host itself.</param>
    /// <returns>The number of callbacks.</returns>
    internal static async Task<int> ReplayAsync(
        RunningServer server, Vector vector, BundleCatalog bundles, Func<VectorHost, Callback, CallbackAnswer>? answer = null)
    {
        VectorVariant variant = vector.Variants[0];
        IBlockstore bundle = vector.Bundle is string named ? bundles.Open(named) : new MemoryBlockstore();
        VectorHost host = new(vector, new LayeredBlockstore(new MemoryBlockstore(), CarBlocks.Read(vector.Car, "car"), bundle));
        await using SessionClient client = new(server.Channel, callback => answer?.Invoke(host, callback) ?? host.Answer(callback));

        // All at once: no call waits for the answer to the one before.
        await client.OpenAsync();
        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = Machine, Settings = Settings(vector, variant) } });
        ulong call = 2;
        foreach (VectorMessage message in vector.Messages)
        {
            await client.SendAsync(Execution(message, call++, TraceForm.Events));
        }

        await client.SendAsync(new SessionRequest { CallId = call++, FlushMachine = new FlushMachine { MachineId = Machine } });
        await client.SendAsync(new SessionRequest { CallId = call, DropMachine = new DropMachine { MachineId = Machine } });

        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.Opened));
        SessionResponse created = await client.NextAsync();
        Assert.That(created.FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MachineCreated), created.Error?.Message);
        for (int i = 0; i < vector.Messages.Count; i++)
        {
            await CompareAsync(client, vector, i);
        }

        SessionResponse flushed = await client.NextAsync();
        Assert.That(flushed.FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MachineFlushed), flushed.Error?.Message);
        Assert.That(Text(flushed.MachineFlushed.StateRoot), Is.EqualTo(vector.PostRoot));
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MachineDropped));
        await client.CompleteAsync();
        Assert.That(client.Callbacks, Is.GreaterThan(1));
        return client.Callbacks;
    }

    private static async Task CompareAsync(SessionClient client, Vector vector, int index)
    {
        ulong events = 0;
        SessionResponse frame;
        while ((frame = await client.NextAsync()).FrameCase == SessionResponse.FrameOneofCase.TraceEvents)
        {
            events += (ulong)frame.TraceEvents.Events.Count;
        }

        Assert.That(frame.FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MessageExecuted), $"{vector.Source}, {index}: {frame.Error?.Message}");
        Assert.That(frame.CallId, Is.EqualTo((ulong)index + 2));
        Compare(frame.MessageExecuted, vector, index);
        Assert.That(events, Is.EqualTo(frame.MessageExecuted.Trace.Events), "streamed events");
    }

    /// <summary>Compares a result and its trace with what was recorded.</summary>
    internal static void Compare(MessageExecuted executed, Vector vector, int index)
    {
        MessageResult result = executed.Result;
        ExpectedReceipt receipt = vector.Receipts[index];
        ExpectedApplyRet ret = vector.ApplyRets[index];
        TraceSummary trace = executed.Trace;
        Assert.Multiple(() =>
        {
            Assert.That(result.Receipt.ExitCode, Is.EqualTo(receipt.ExitCode), "exit code");
            Assert.That(result.Receipt.GasUsed, Is.EqualTo(receipt.GasUsed), "gas");
            Assert.That(result.Receipt.ReturnData.ToByteArray(), Is.EqualTo(receipt.Return), "return");
            Assert.That(result.Receipt.HasEventsRoot ? Text(result.Receipt.EventsRoot) : null, Is.EqualTo(receipt.EventsRoot), "events root");
            Assert.That(Text(result.MinerPenalty), Is.EqualTo(ret.MinerPenalty), "penalty");
            Assert.That(Text(result.MinerTip), Is.EqualTo(ret.MinerTip), "tip");
            Assert.That(Text(result.BaseFeeBurn), Is.EqualTo(ret.BaseFeeBurn), "base fee burn");
            Assert.That(Text(result.OverEstimationBurn), Is.EqualTo(ret.OverEstimationBurn), "overestimation burn");
            Assert.That(Text(result.Refund), Is.EqualTo(ret.Refund), "refund");
            Assert.That((result.GasRefund, result.GasBurned), Is.EqualTo((ret.GasRefund, ret.GasBurned)), "gas refund and burn");
            Assert.That(result.Events, Has.Count.EqualTo(ret.Events.GetArrayLength()), "events");
            Assert.That(Convert.ToHexStringLower(trace.Digest.Span), Is.EqualTo(ret.TraceDigest), "trace digest");
            Assert.That((long)trace.Events, Is.EqualTo(ret.TraceLength), "trace length");
        });
    }

    internal static SessionRequest Execution(VectorMessage message, ulong call, TraceForm form) => new()
    {
        CallId = call,
        ExecuteMessage = new ExecuteMessage
        {
            MachineId = Machine,
            Trace = form,
            Input = new MessageInput
            {
                Message = ByteString.CopyFrom(message.Bytes),
                ChainLength = (ulong)(message.RawLength ?? RawLengths.Of(Message.Decode(message.Bytes), message.Bytes.Length)),
                Kind = message.Implicit ? Protocol.V1.ApplyKind.Implicit : Protocol.V1.ApplyKind.Explicit,
            },
        },
    };

    internal static MachineSettings Settings(Vector vector, VectorVariant variant) => new()
    {
        NetworkVersion = variant.NetworkVersion,
        Epoch = variant.Epoch,
        Timestamp = vector.Timestamp ?? (ulong)variant.Epoch * 30,
        ChainId = vector.ChainId,
        BaseFee = ToClient.Amount(TokenAmount.ParseAtto(vector.BaseFee)),
        CirculatingSupply = ToClient.Amount(TokenAmount.ParseAtto(vector.CirculatingSupply)),
        StateRoot = ByteString.CopyFrom(Cid.Parse(vector.PreRoot).ToBytes()),
        ActorDebugging = vector.ActorDebugging,
        Tracing = true,
    };

    internal static string Text(ByteString cid) => Cid.TryRead(cid.Span, out Cid read, out _) ? read.ToString() : "no CID";

    private static string Text(Protocol.V1.TokenAmount amount) =>
        TokenAmount.TryFromBytes([amount.Negative ? (byte)1 : (byte)0, .. amount.Magnitude.Span], out TokenAmount value) ? $"{value}" : "none";
}
