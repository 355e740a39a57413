using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>
/// The results of one vector as another program printed them: the line of <see cref="ResultJson.Outcomes(PrintedOutcomes)"/>, which the
/// command of the reference prints, too.
/// </summary>
/// <param name="Outcomes">The results of the messages, in order; fewer than messages if the machine failed.</param>
/// <param name="StateRoot">The state root after the last message; null if the machine failed.</param>
/// <param name="Failure"><c>failure</c>: why there are no more results; null if there are all.</param>
/// <param name="IsTree">
/// Whether traces are in the order of the tree that the C interface hands over (<c>"trace_form": "tree"</c>), not in the order of events.
/// </param>
public sealed record PrintedOutcomes(IReadOnlyList<MessageOutcome> Outcomes, string? StateRoot, string? Failure, bool IsTree)
{
    internal const string Tree = "tree";

    /// <summary>Reads one line.</summary>
    /// <exception cref="InputException">It is not such a line; the message names the field.</exception>
    public static PrintedOutcomes Read(ReadOnlyMemory<byte> line) => JsonText.Read(line, Read);

    private static PrintedOutcomes Read(JsonFields root)
    {
        JsonFields[] rets = [.. root.Objects("apply_rets", required: true)];
        JsonFields[] receipts = [.. root.Objects("receipts", required: true)];
        if (rets.Length != receipts.Length)
        {
            throw root.Refused("receipts", $"has {receipts.Length} elements for {rets.Length} of apply_rets");
        }

        MessageOutcome[] outcomes = new MessageOutcome[rets.Length];
        for (int index = 0; index < outcomes.Length; index++)
        {
            outcomes[index] = Read(rets[index], receipts[index]);
        }

        return new PrintedOutcomes(
            outcomes,
            root.Optional("state_root") is null ? null : root.Text("state_root"),
            root.Optional("failure") is null ? null : root.Text("failure"),
            root.Optional("trace_form") is not null && root.Text("trace_form") == Tree);
    }

    private static MessageOutcome Read(JsonFields ret, JsonFields receipt)
    {
        ulong length = ret.Optional("trace_length") is null ? 0 : ret.Number("trace_length");
        return new MessageOutcome
        {
            ExitCode = receipt.SmallNumber("exit_code"),
            Return = receipt.Optional("return") is null ? [] : receipt.Bytes("return"),
            GasUsed = receipt.Number("gas_used"),
            EventsRoot = receipt.Optional("events_root") is null ? null : receipt.Link("events_root"),
            MinerPenalty = ret.Amount("miner_penalty"),
            MinerTip = ret.Amount("miner_tip"),
            BaseFeeBurn = ret.Amount("base_fee_burn"),
            OverEstimationBurn = ret.Amount("over_estimation_burn"),
            Refund = ret.Amount("refund"),
            GasRefund = ret.Number("gas_refund"),
            GasBurned = ret.Number("gas_burned"),
            ReturnCodec = ret.Optional("return_codec") is null ? null : ret.Number("return_codec"),
            Failure = ret.Optional("failure") is null ? null : ret.Text("failure"),
            EventsJson = ret.Optional("events") is null ? "[]" : ret.List("events").GetRawText(),
            TraceDigest = ret.Optional("trace_digest") is null ? null : ret.Text("trace_digest"),
            TraceLength = ret.Optional("trace_length") is null ? null : (int)Math.Min(length, int.MaxValue),
            Trace = ret.Optional("trace") is null ? null : ReadTrace(ret),
        };
    }

    private static string[] ReadTrace(JsonFields ret)
    {
        JsonElement lines = ret.List("trace");
        string[] trace = new string[lines.GetArrayLength()];
        int index = 0;
        foreach (JsonElement line in lines.EnumerateArray())
        {
            trace[index++] = line.ValueKind == JsonValueKind.Array && line.GetArrayLength() > 0 && line[0].ValueKind == JsonValueKind.String
                ? line.GetRawText()
                : throw JsonFields.Error($"{ret.PathOf("trace")}[{index - 1}]", "a list that begins with a kind", line);
        }

        return trace;
    }
}
