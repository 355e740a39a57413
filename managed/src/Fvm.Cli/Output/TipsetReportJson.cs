using Fvm.Chain;

namespace Fvm.Cli;

/// <summary>The check of a tipset in JSON.</summary>
internal static class TipsetReportJson
{
    public static string Line(TipsetReport report) => JsonOutput.Line(json =>
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
    });
}
