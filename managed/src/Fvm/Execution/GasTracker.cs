namespace Fvm;

/// <summary>
/// The gas meter of one message (reference: <c>fvm/src/gas/mod.rs</c>). Calls with their own limit push one and pop it. With a trace, every
/// charge is recorded in it, even one that exceeds the remaining gas.
/// </summary>
internal sealed class GasTracker
{
    // The maximum limit, whatever the message says.
    private static readonly Gas LimitMax = new(long.MaxValue);

    private readonly ExecutionTrace? _trace;

    // Made by the first call with a limit of its own.
    private Stack<(Gas Limit, Gas Used)>? _outer;

    /// <param name="limit">Capped at 2^63-1 milligas.</param>
    /// <param name="used">Capped at the limit.</param>
    /// <param name="trace">Receives the charges; null for none.</param>
    public GasTracker(Gas limit, Gas used, ExecutionTrace? trace)
    {
        Limit = Gas.Min(limit, LimitMax);
        Used = Gas.Min(used, Limit);
        _trace = trace;
    }

    /// <summary>The current limit.</summary>
    public Gas Limit { get; private set; }

    /// <summary>The gas used since the current limit was pushed.</summary>
    public Gas Used { get; private set; }

    public Gas Available => Limit - Used;

    /// <summary>Whether charges are recorded.</summary>
    public bool IsTraced => _trace is not null;

    /// <summary>Charges gas. A charge that exceeds the remaining gas consumes all of it.</summary>
    /// <returns>False if out of gas.</returns>
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
    /// <returns>False if out of gas.</returns>
    public bool TryCharge(string name, Gas compute) => TryCharge(new GasCharge(name, compute, Gas.Zero));

    /// <summary>Pushes a limit for a call: the requested one, or the remaining gas if less.</summary>
    public void PushLimit(Gas limit)
    {
        (_outer ??= new Stack<(Gas Limit, Gas Used)>()).Push((Limit, Used));
        Limit = Gas.Min(Available, limit);
        Used = Gas.Zero;
    }

    /// <summary>Pops the call's limit, and adds the gas it used to the outer one.</summary>
    /// <exception cref="FatalException">No limit was pushed.</exception>
    public void PopLimit()
    {
        if (_outer is null || !_outer.TryPop(out (Gas Limit, Gas Used) outer))
        {
            throw new FatalException("no gas limits to pop");
        }

        Limit = outer.Limit;
        Used += outer.Used;
    }
}
