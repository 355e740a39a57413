using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace SidecarClient;

/// <summary>Runs vectors, and compares results, state roots and trace digests. The last line is "N passed, N failed, N skipped".</summary>
internal sealed class Replay(GrpcChannel channel, string? bundles)
{
    // No timeout of gRPC or of the server is as short.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Lazy<Dictionary<ByteString, ByteString>>> _bundles = [];

    public static async Task<int> RunAsync(string socket, string? bundles, int every, string? command, IEnumerable<string> paths)
    {
        using GrpcChannel channel = SidecarChannel.Connect(socket);
        Replay replay = new(channel, bundles);
        int failed = 0;
        int passed = 0;
        void Count(string? difference)
        {
            Interlocked.Increment(ref difference is null ? ref passed : ref failed);
            if (difference is not null)
            {
                Console.WriteLine($"FAIL {difference}");
            }
        }

        IEnumerable<Vector> vectors = paths.SelectMany(path => Vector.Read(path).Where((_, index) => index % every == 0));
        if (command is not null)
        {
            Count(await replay.BreakAsync(vectors.First(), command));
            // Now that the server's cache is filled.
            Count(await replay.CompleteStoreAsync(vectors.First()));
            Count(await replay.BreakOffAsync(vectors.First()));
            foreach (Vector vector in vectors)
            {
                Count(await replay.AsOneAsync(vector));
            }
        }

        ParallelOptions two = new() { MaxDegreeOfParallelism = 2 };
        await Parallel.ForEachAsync(vectors, two, async (vector, _) => Count(await replay.TryReplayAsync(vector)));
        Console.WriteLine($"{passed} passed, {failed} failed, 0 skipped");
        return failed == 0 ? 0 : 1;
    }

    // A command kills the server in the midst of the vector and starts another one: the client must get UNAVAILABLE at once, and then, as a node
    // executes its tipset again, the vector's results.
    private async Task<string?> BreakAsync(Vector vector, string command)
    {
        long killed = 0;
        void Kill()
        {
            if (killed == 0)
            {
                using Process shell = Process.Start("sh", ["-c", command]);
                shell.WaitForExit();
                killed = Stopwatch.GetTimestamp();
            }
        }

        try
        {
            return await ReplayAsync(vector, NodeOf(vector), Kill) ?? $"{vector.Id}: the server was killed, and the vector passed";
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && killed > 0 && Stopwatch.GetElapsedTime(killed) < AtOnce)
        {
            return await TryReplayAsync(vector);
        }
        catch (RpcException e)
        {
            return $"{vector.Id}: the server was killed, and {Stopwatch.GetElapsedTime(killed)} later the error is: {e.Status}";
        }
    }

    // The node of a complete store is asked for less, and the results are the same.
    private async Task<string?> CompleteStoreAsync(Vector vector)
    {
        List<int> gets = [];
        foreach (bool complete in (bool[])[false, true])
        {
            VectorNode node = NodeOf(vector);
            if (await ReplayAsync(vector, node, completeStore: complete) is string difference)
            {
                return $"complete store {complete}: {difference}";
            }

            gets.Add(node.Gets);
        }

        return gets[1] < gets[0] ? null : $"{gets[1]} gets of a complete store, {gets[0]} of another one";
    }

    private VectorNode NodeOf(Vector vector) => new(vector, vector.Bundle is null ? null : _bundles.GetOrAdd(
        vector.Bundle, name => new(() => Vector.ReadCar(File.ReadAllBytes(Path.Combine(bundles!, name))))).Value);

    private async Task<string?> TryReplayAsync(Vector vector)
    {
        try
        {
            return await ReplayAsync(vector, NodeOf(vector));
        }
        catch (RpcException e)
        {
            return $"{vector.Id}: {e.Status}";
        }
    }

    // The first difference; null if there is none. The action is called before each get of the messages.
    private async Task<string?> ReplayAsync(Vector vector, VectorNode node, Action? beforeGet = null, bool completeStore = false)
    {
        using SidecarMachine machine = await SidecarMachine.CreateAsync(channel, vector.Settings(tracing: true), node, completeStore);
        node.BeforeGet = beforeGet;
        for (int i = 0; i < vector.Messages.GetArrayLength(); i++)
        {
            int checks = node.FaultChecks;
            MessageExecuted executed = await machine.ExecuteAsync(Vector.Input(vector.Messages[i]), TraceForm.Digest);
            if (Difference(vector, i, executed, node.FaultChecks > checks) is string difference)
            {
                return $"{vector.Id}: message {i}: {difference} ({executed.Result.Failure})";
            }
        }

        return RootDifference(vector, node, await machine.FlushAsync());
    }

    // The first difference of a vector whose calls are one; null if there is none.
    private async Task<string?> AsOneAsync(Vector vector)
    {
        VectorNode node = NodeOf(vector);
        IReadOnlyList<MessageExecuted> executed;
        ByteString root;
        try
        {
            IEnumerable<MessageInput> inputs = vector.Messages.EnumerateArray().Select(Vector.Input);
            (executed, root) = await SidecarMachine.RunAsync(channel, vector.Settings(tracing: true), node, inputs, TraceForm.Digest);
        }
        catch (RpcException e)
        {
            return $"{vector.Id} as one: {e.Status}";
        }

        for (int i = 0; i < executed.Count; i++)
        {
            if (Difference(vector, i, executed[i], node.FaultChecks > 0) is string difference)
            {
                return $"{vector.Id} as one: message {i}: {difference} ({executed[i].Result.Failure})";
            }
        }

        int count = vector.Messages.GetArrayLength();
        return executed.Count == count ? RootDifference(vector, node, root) : $"{vector.Id} as one: {executed.Count} results of {count} messages";
    }

    // A run breaks off at a malformed message, and says at which.
    private async Task<string?> BreakOffAsync(Vector vector)
    {
        MessageInput[] inputs = [.. vector.Messages.EnumerateArray().Select(Vector.Input)];
        inputs[1].Message = ByteString.CopyFrom(0xff);
        try
        {
            await SidecarMachine.RunAsync(channel, vector.Settings(tracing: true), NodeOf(vector), inputs);
            return "a run with a malformed message passed";
        }
        catch (RpcException e)
        {
            return e.Status.Detail.StartsWith("message 1: ", StringComparison.Ordinal) ? null : $"the run broke off with {e.Status}";
        }
    }

    private static string? RootDifference(Vector vector, VectorNode node, ByteString root)
    {
        ByteString wanted = Vector.Cid(vector.Post.GetProperty("state_tree").GetProperty("root_cid"));
        return root.Equals(wanted) && node.Get(root) is not null ? null : $"{vector.Id}: state root {Hex(root)}, not {Hex(wanted)}, or not put";
    }

    private static string? Difference(Vector vector, int index, MessageExecuted executed, bool faultChecked)
    {
        JsonElement receipt = vector.Post.GetProperty("receipts")[index];
        JsonElement ret = vector.Post.GetProperty("apply_rets")[index];
        MessageResult result = executed.Result;
        JsonElement events = receipt.GetProperty("events_root");
        List<(string Field, string Got, string? Wanted)> fields =
        [
            ("exit code", $"{result.Receipt.ExitCode}", receipt.GetProperty("exit_code").GetRawText()),
            ("gas", $"{result.Receipt.GasUsed}", receipt.GetProperty("gas_used").GetRawText()),
            ("return", result.Receipt.ReturnData.ToBase64(), receipt.GetProperty("return").GetString()),
            ("events root", Hex(result.Receipt.EventsRoot), events.ValueKind == JsonValueKind.Null ? string.Empty : Hex(Vector.Cid(events))),
            ("events", $"{result.Events.Count}", $"{ret.GetProperty("events").GetArrayLength()}"),
            ("penalty", Vector.Text(result.MinerPenalty), ret.GetProperty("miner_penalty").GetString()),
            ("tip", Vector.Text(result.MinerTip), ret.GetProperty("miner_tip").GetString()),
            ("base fee burn", Vector.Text(result.BaseFeeBurn), ret.GetProperty("base_fee_burn").GetString()),
            ("overestimation burn", Vector.Text(result.OverEstimationBurn), ret.GetProperty("over_estimation_burn").GetString()),
            ("refund", Vector.Text(result.Refund), ret.GetProperty("refund").GetString()),
            ("gas refund", $"{result.GasRefund}", ret.GetProperty("gas_refund").GetRawText()),
            ("gas burned", $"{result.GasBurned}", ret.GetProperty("gas_burned").GetRawText()),
            ("trace length", $"{executed.Trace.Events}", ret.GetProperty("trace_length").GetRawText()),
        ];
        // The recorder of fvm 4's vectors traces the charge for the check of a consensus fault as computation, fvm's own kernel as the rest.
        if (!faultChecked)
        {
            fields.Add(("trace digest", Hex(executed.Trace.Digest), ret.GetProperty("trace_digest").GetString()));
        }

        foreach ((string field, string got, string? wanted) in fields)
        {
            if (got != wanted)
            {
                return $"{field} {got}, not {wanted}";
            }
        }

        return null;
    }

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
