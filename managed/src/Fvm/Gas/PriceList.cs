namespace Fvm;

/// <summary>
/// What operations cost at a network version: a method a charge, named as the reference names it
/// (<c>fvm/src/gas/price_list.rs</c>), since traces show the names. The files are split as the kernel is. The lists are in
/// <see cref="PriceTable"/>; where a formula differs between them, <see cref="PriceRules"/> says so. A method that answers
/// <see cref="GasCharge.None"/> makes no charge in this list, and nothing in the trace.
/// </summary>
public sealed partial class PriceList
{
    // Actors that every message touches are paid for by its inclusion (FIP-0055).
    private static readonly ActorId[] Preloaded =
    [
        new(0), new(1), new(2), new(3), new(4), new(5), new(6), new(7), new(10), new(99),
    ];

    // One table element takes as much as a pointer.
    private const ulong TableElementSize = 8;

    private readonly long[] _prices;

    private PriceList(string name, PriceRules rules, long[] prices)
    {
        Name = name;
        Rules = rules;
        _prices = prices;
    }

    /// <summary>The name of the upgrade that brought it.</summary>
    public string Name { get; }

    /// <summary>How it charges, beside its prices.</summary>
    public PriceRules Rules { get; }

    /// <summary>Actors whose state may be read and updated without a charge.</summary>
    public ReadOnlySpan<ActorId> PreloadedActors => Preloaded;

    /// <summary>A price. Those below zero, of Skyr, count as zero here.</summary>
    public Gas this[Price price] => Gas.OfMilli((ulong)Math.Max(0, _prices[(int)price]));

    /// <summary>A price as it stands in the table, in milligas; one of Skyr's is below zero.</summary>
    public long MilliOf(Price price) => _prices[(int)price];

    /// <summary>The list that the others change.</summary>
    /// <param name="name">The upgrade.</param>
    /// <param name="rules">How it charges.</param>
    /// <param name="prices">Prices in milligas; zero where none is given.</param>
    internal static PriceList First(string name, PriceRules rules, ReadOnlySpan<(Price Price, long Milli)> prices) =>
        new PriceList(name, rules, new long[Enum.GetValues<Price>().Length]).Change(name, rules, prices);

    /// <summary>A later list.</summary>
    /// <param name="name">The upgrade.</param>
    /// <param name="rules">How it charges.</param>
    /// <param name="changes">The prices that are others than in this list, in milligas.</param>
    internal PriceList Change(string name, PriceRules rules, ReadOnlySpan<(Price Price, long Milli)> changes)
    {
        long[] prices = [.. _prices];
        foreach ((Price price, long milli) in changes)
        {
            // A row that repeats what holds already hides what a list changed.
            if (prices[(int)price] == milli) throw new ArgumentException($"{name} states {price} as it is", nameof(changes));

            prices[(int)price] = milli;
        }

        return new PriceList(name, rules, prices);
    }

    private static GasCharge Computing(string name, Gas compute) => new(name, compute, Gas.Zero);

    // Charges for access to actors, addresses and balances.
    private GasCharge Access(in GasCharge charge) => Rules.ChargesAccess ? charge : GasCharge.None;

    // Charges for the links that a block or a value has.
    private GasCharge Links(in GasCharge charge) => Rules.ChargesLinks ? charge : GasCharge.None;

    // Charges for a part of a call.
    private GasCharge PartOfCall(in GasCharge charge) => Rules.ChargesCallsWhole ? GasCharge.None : charge;

    private static GasCharge Otherwise(string name, Gas other) => new(name, Gas.Zero, other);
}
