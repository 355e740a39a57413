namespace Fvm;

/// <summary>
/// Counts the gas of one message (reference: <c>fvm/src/gas/mod.rs</c>). Calls with their own limit push one and pop it.
/// Where a trace is given each charge is recorded in it, those that do not fit included.
/// </summary>
internal sealed class GasTracker
{
    // More than this cannot be had, whatever the message says.
    private static readonly Gas LimitMax = new(long.MaxValue);

    private readonly ExecutionTrace? _trace;
    private readonly Stack<(Gas Limit, Gas Used)> _outer = new();

    /// <param name="limit">Capped at 2^63-1 milligas.</param>
    /// <param name="used">Capped at the limit.</param>
    /// <param name="trace">Where charges are recorded; null to record none.</param>
    public GasTracker(Gas limit, Gas used, ExecutionTrace? trace)
    {
        Limit = Gas.Min(limit, LimitMax);
        Used = Gas.Min(used, Limit);
        _trace = trace;
    }

    /// <summary>The limit in force.</summary>
    public Gas Limit { get; private set; }

    /// <summary>What was used since the limit in force was pushed.</summary>
    public Gas Used { get; private set; }

    public Gas Available => Limit - Used;

    /// <summary>Charges. If it does not fit, all that is left is used up.</summary>
    /// <returns>False when out of gas.</returns>
    public bool TryCharge(in GasCharge charge)
    {
        if (charge.IsNone)
        {
            return true;
        }

        _trace?.Add(new GasChargeEvent(charge));
        Gas used = Used + charge.Total - charge.Refund;
        bool fits = used <= Limit;
        Used = fits ? used : Limit;
        return fits;
    }

    /// <summary>Charges for immediate computation.</summary>
    /// <returns>False when out of gas.</returns>
    public bool TryCharge(string name, Gas compute) => TryCharge(new GasCharge(name, compute, Gas.Zero));

    /// <summary>Lowers the limit for a call: to what is asked for, or to what is left.</summary>
    public void PushLimit(Gas limit)
    {
        _outer.Push((Limit, Used));
        Limit = Gas.Min(Available, limit);
        Used = Gas.Zero;
    }

    /// <summary>Ends the call's limit, and counts what it used.</summary>
    /// <exception cref="FatalException">No limit was pushed.</exception>
    public void PopLimit()
    {
        if (!_outer.TryPop(out (Gas Limit, Gas Used) outer))
        {
            throw new FatalException("no gas limits to pop");
        }

        Limit = outer.Limit;
        Used += outer.Used;
    }
}
