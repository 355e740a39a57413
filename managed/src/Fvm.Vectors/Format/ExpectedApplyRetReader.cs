using System.Text.Json;

namespace Fvm.Vectors;

internal static class ExpectedApplyRetReader
{
    public static ExpectedApplyRet Read(JsonFields ret, string? recordedWith)
    {
        return new ExpectedApplyRet(
            ret.Amount("miner_penalty"),
            ret.Amount("miner_tip"),
            ret.Amount("base_fee_burn"),
            ret.Amount("over_estimation_burn"),
            ret.Amount("refund"),
            ret.Number("gas_refund"),
            ret.Number("gas_burned"),
            ret.Optional("return_codec") is null ? null : ret.Number("return_codec"),
            ReturnCodecKnown: ret.Has("return_codec") && !IsGeneration3(recordedWith),
            // Cloned, because the document's memory is released once the vector is read.
            ret.List("events").Clone(),
            ret.Optional("trace_length") is null ? null : ret.SignedNumber("trace_length"),
            ret.Optional("trace_digest") is null ? null : ret.Text("trace_digest"),
            ret.Optional("trace") is null ? null : ReadTrace(ret.List("trace")),
            ret.Optional("failure") is null ? null : ret.Text("failure"));
    }

    // Recordings by fvm 3 lack the return codec.
    private static bool IsGeneration3(string? recordedWith) =>
        recordedWith is not null && recordedWith.StartsWith("Rust fvm 3.", StringComparison.Ordinal);

    private static string[] ReadTrace(JsonElement lines)
    {
        string[] trace = new string[lines.GetArrayLength()];
        int index = 0;
        foreach (JsonElement line in lines.EnumerateArray())
        {
            trace[index++] = line.GetRawText();
        }

        return trace;
    }
}
