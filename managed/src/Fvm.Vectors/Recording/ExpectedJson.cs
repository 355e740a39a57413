using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Writes the results that a vector expects, in the form that <see cref="VectorParser"/> reads.</summary>
internal static class ExpectedJson
{
    public static void WritePostconditions(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartObject("postconditions");
        if (vector.ApplyRets.Count > 0)
        {
            json.WriteStartArray("apply_rets");
            for (int index = 0; index < vector.ApplyRets.Count; index++)
            {
                WriteApplyRet(json, vector.Receipts[index], vector.ApplyRets[index]);
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("receipts");
        foreach (ExpectedReceipt receipt in vector.Receipts)
        {
            WriteReceipt(json, receipt);
        }

        json.WriteEndArray();
        if (vector.PostRoot.Length > 0)
        {
            VectorWriter.WriteRoot(json, vector.PostRoot);
        }

        json.WriteEndObject();
    }

    private static void WriteApplyRet(Utf8JsonWriter json, ExpectedReceipt receipt, ExpectedApplyRet ret)
    {
        MessageOutcome outcome = new()
        {
            ExitCode = receipt.ExitCode,
            Return = receipt.Return,
            GasUsed = receipt.GasUsed,
            MinerPenalty = ret.MinerPenalty,
            MinerTip = ret.MinerTip,
            BaseFeeBurn = ret.BaseFeeBurn,
            OverEstimationBurn = ret.OverEstimationBurn,
            Refund = ret.Refund,
            GasRefund = ret.GasRefund,
            GasBurned = ret.GasBurned,
            ReturnCodec = ret.ReturnCodec,
            Failure = ret.Failure,
            EventsJson = ret.Events.GetRawText(),
            TraceDigest = ret.TraceDigest,
            TraceLength = (int?)ret.TraceLength,
            Trace = ret.Trace,
        };
        ResultJson.WriteApplyRet(json, outcome, ret.ReturnCodecKnown);
    }

    private static void WriteReceipt(Utf8JsonWriter json, ExpectedReceipt receipt)
    {
        json.WriteStartObject();
        if (receipt.HasEventsRoot)
        {
            ResultJson.WriteEventsRoot(json, receipt.EventsRoot);
        }

        json.WriteNumber("exit_code", receipt.ExitCode);
        json.WriteNumber("gas_used", receipt.GasUsed);
        json.WriteBase64String("return", receipt.Return);
        json.WriteEndObject();
    }
}
