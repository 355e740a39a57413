using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Prints the results of a replay as they arrive.</summary>
internal sealed class ResultPrinter(LineKind kind, ReplayProgress progress)
{
    public void Print(VectorResult result)
    {
        switch (kind)
        {
            case LineKind.Json:
                progress.WriteLine(ResultJson.Comparison(result));
                break;
            case LineKind.Outcomes when result.Reason is null:
                progress.WriteLine(ResultJson.Outcomes(result));
                PrintFaults(result);
                break;
            case LineKind.Descriptions when result.Reason is null:
                foreach (string description in result.Descriptions)
                {
                    progress.WriteLine(description);
                }

                PrintFaults(result);
                break;
            default:
                PrintText(result);
                break;
        }
    }

    private void PrintFaults(VectorResult result)
    {
        foreach (Difference fault in result.Differences)
        {
            progress.WriteErrorLine($"{result.Name}: {fault}");
        }
    }

    // The first differing message explains the later ones, which run on its state.
    private void PrintText(VectorResult result)
    {
        if (result.Reason is not null)
        {
            string word = result.Status == VectorStatus.Skipped ? "skipped: " : string.Empty;
            string name = result.Name.Length == 0 ? string.Empty : $"{result.Name}: ";
            progress.WriteErrorLine($"{name}{word}{result.Reason}");
            return;
        }

        int? first = result.Differences.Count == 0 ? null : result.Differences[0].Message;
        int hidden = 0;
        foreach (Difference difference in result.Differences)
        {
            if (difference.Message == first)
            {
                progress.WriteLine($"{result.Name}: {difference}");
            }
            else
            {
                hidden++;
            }
        }

        if (hidden > 0)
        {
            progress.WriteLine($"{result.Name}: and {hidden} more differences after that message");
        }
    }
}
