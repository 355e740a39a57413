using Fvm.Chain;

namespace Fvm.Cli;

/// <summary>The check of a tipset in JSON.</summary>
internal static class TipsetReportJson
{
    public static string Line(TipsetReport report, DifferenceDetail? detail) => JsonOutput.Line(json =>
    {
        json.WriteNumber("epoch", report.Tipset.Epoch.Value);
        json.WriteTexts("tipset", report.Tipset.Cids.Select(static cid => cid.ToString()));
        json.WriteString("status", ChainReplaySummary.NameOf(report.Status));
        json.WriteText("note", report.Note);
        json.WriteNumber("messages", report.Messages);
        json.WriteNumber("gas_used", report.GasUsed);
        json.WriteNumber("execution_us", (long)report.Time.TotalMicroseconds);
        json.WriteObjects("differences", report.Differences, static (fields, difference) =>
        {
            fields.WriteText("what", difference.What);
            fields.WriteText("actual", difference.Ours);
            fields.WriteText("expected", difference.Expected);
        });
        if (detail is not null)
        {
            json.WriteNumberOrNull("message", (ulong?)detail.Message);
            json.WriteText("message_cid", detail.Cid);
            json.WriteObjects("state_differences", detail.Fields, static (fields, difference) =>
            {
                fields.WriteString("path", difference.Path);
                fields.WriteText("actual", difference.Before);
                fields.WriteText("expected", difference.After);
                fields.WriteText("problem", difference.Problem);
            });
            json.WriteText("vector", detail.Vector);
            json.WriteText("vector_note", detail.VectorNote);
        }
    });
}
