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
                ExpectedApplyRet ret = vector.ApplyRets[index];
                ResultJson.WriteApplyRet(json, RecordedResults.OutcomeOf(vector.Receipts[index], ret), ret.ReturnCodecKnown);
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
