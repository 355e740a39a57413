namespace Fvm.Sidecar;

/// <summary>The least gas limit that was found to end a message as no limit does.</summary>
/// <param name="GasLimit">The limit.</param>
/// <param name="Result">The result with it.</param>
internal sealed record GasEstimate(ulong GasLimit, ApplyRet Result)
{
    // The gas limit of a block: no message on the chain may have more.
    private const ulong NoLimit = 10_000_000_000;

    // The search ends within this share of the limit: each step executes the message.
    private const ulong Precision = 64;

    /// <summary>Searches.</summary>
    /// <param name="execute">Executes the message with a gas limit, each time on the same state.</param>
    public static GasEstimate Find(Func<ulong, ApplyRet> execute)
    {
        GasEstimate best = new(NoLimit, execute(NoLimit));
        ExitCode wanted = best.Result.Receipt.ExitCode;

        // Mostly what was used suffices. Not where a call got a limit of its own, or gas is refunded.
        ulong low = Math.Min(best.Result.Receipt.GasUsed, NoLimit);
        ApplyRet least = execute(low);
        if (least.Receipt.ExitCode == wanted)
        {
            return new GasEstimate(low, least);
        }

        // Near to what was used at first, in steps that double.
        ulong step = Math.Max(low / Precision, 1);
        while (best.GasLimit - low > best.GasLimit / Precision)
        {
            ulong middle = low + Math.Min(step, (best.GasLimit - low) / 2);
            step *= 2;
            ApplyRet ret = execute(middle);
            if (ret.Receipt.ExitCode == wanted)
            {
                best = new GasEstimate(middle, ret);
            }
            else
            {
                low = middle;
            }
        }

        return best;
    }
}
