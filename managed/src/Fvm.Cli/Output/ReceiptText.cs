using System.Globalization;
using System.Text;
using Fvm.Tracing;

namespace Fvm.Cli;

/// <summary>Prints the result of one message in human-readable form: receipt, fees, events, logs, calls.</summary>
internal static class ReceiptText
{
    public static void Write(TextWriter output, ApplyRet ret, ActorNames names)
    {
        Receipt receipt = ret.Receipt;
        CallTree calls = CallTree.Of(ret, names);
        output.WriteLine("Receipt");
        Field(output, "exit code", receipt.ExitCode.Describe());
        Field(output, "return", receipt.ReturnData.IsEmpty ? "nothing"
            : calls.Outermost?.Result?.ToLine() ?? CborText.Of(ret.ReturnCodec ?? 0, receipt.ReturnData.Span));
        Field(output, "gas used", receipt.GasUsed.ToString("N0", CultureInfo.InvariantCulture));
        Field(output, "events root", receipt.EventsRoot?.ToString() ?? "none");
        if (ret.Failure is string failure)
        {
            // The backtrace's own line feeds; those in actors' messages are already escaped.
            IEnumerable<string> lines = failure.Trim().Split('\n').Select(static line => PrintableText.Of(line.TrimEnd('\r')));
            Field(output, "failure", string.Join($"{Environment.NewLine}{new string(' ', 18)}", lines));
        }

        output.WriteLine("Fees");
        Field(output, "base fee burn", Fil(ret.BaseFeeBurn));
        Field(output, "over-estimation", $"{Fil(ret.OverEstimationBurn)} burnt");
        Field(output, "miner tip", Fil(ret.MinerTip));
        Field(output, "miner penalty", Fil(ret.Penalty));
        Field(output, "refund", Fil(ret.Refund));
        if (ret.Events.Count > 0)
        {
            output.WriteLine("Events");
            foreach (StampedEvent stamped in ret.Events)
            {
                output.WriteLine($"  f0{stamped.Emitter}: {string.Join(", ", stamped.Event.Entries.Select(Entry))}");
            }
        }

        LogEvent[] logs = [.. ret.Trace.OfType<LogEvent>()];
        if (logs.Length > 0)
        {
            output.WriteLine("Logs");
            foreach (LogEvent log in logs)
            {
                output.WriteLine($"  {PrintableText.Of(log.Text)}");
            }
        }

        output.WriteLine("Calls");
        foreach (string line in CallTreeText.Lines(calls))
        {
            output.WriteLine($"  {line}");
        }
    }

    private static void Field(TextWriter output, string name, string value) => output.WriteLine($"  {name,-15} {value}");

    private static string Fil(in TokenAmount amount) => $"{amount.ToFil()} FIL";

    private static string Entry(EventEntry entry) =>
        $"{PrintableText.Of(entry.Key.Span)} = {CborText.Of(entry.Codec, entry.Value.Span)}"
        + (entry.Codec == Fvm.Ipld.Multicodec.Raw && IsText(entry.Value.Span) ? $" \"{Encoding.ASCII.GetString(entry.Value.Span)}\"" : string.Empty);

    private static bool IsText(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
