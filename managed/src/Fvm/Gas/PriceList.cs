namespace Fvm;

/// <summary>
/// The prices of operations at a network version: one method per charge, named like the reference's
/// (<c>fvm/src/gas/price_list.rs</c>), since traces show the names. The files are divided like the kernel's. The prices are in
/// <see cref="PriceTable"/>; <see cref="PriceRules"/> says where formulas differ. A method that returns
/// <see cref="GasCharge.None"/> makes no charge in this list, and no trace event.
/// </summary>
public sealed partial class PriceList
{
    // Actors accessed by every message are paid for by its inclusion (FIP-0055).
    private static readonly ActorId[] Preloaded =
    [
        new(0), new(1), new(2), new(3), new(4), new(5), new(6), new(7), new(10), new(99),
    ];

    // Bytes per table element: the size of a pointer.
    private const ulong TableElementSize = 8;

    private readonly long[] _prices;

    private PriceList(string name, PriceRules rules, long[] prices)
    {
        Name = name;
        Rules = rules;
        _prices = prices;
    }

    /// <summary>The name of the network upgrade.</summary>
    public string Name { get; }

    /// <summary>The rules of charging that prices do not express.</summary>
    public PriceRules Rules { get; }

    /// <summary>Actors whose state is read and updated free of charge.</summary>
    public ReadOnlySpan<ActorId> PreloadedActors => Preloaded;

    /// <summary>A price; Skyr's negative one counts as zero here.</summary>
    public Gas this[Price price] => Gas.OfMilli((ulong)Math.Max(0, _prices[(int)price]));

    /// <summary>A price as in the table, in milligas; one of Skyr's is negative.</summary>
    public long MilliOf(Price price) => _prices[(int)price];

    /// <summary>The first price list.</summary>
    /// <param name="name">The network upgrade.</param>
    /// <param name="rules">The rules of charging.</param>
    /// <param name="prices">Prices in milligas; omitted ones are zero.</param>
    internal static PriceList First(string name, PriceRules rules, ReadOnlySpan<(Price Price, long Milli)> prices) =>
        new PriceList(name, rules, new long[Enum.GetValues<Price>().Length]).Change(name, rules, prices);

    /// <summary>A later price list, derived from this one.</summary>
    /// <param name="name">The network upgrade.</param>
    /// <param name="rules">The rules of charging.</param>
    /// <param name="changes">The changed prices, in milligas.</param>
    internal PriceList Change(string name, PriceRules rules, ReadOnlySpan<(Price Price, long Milli)> changes)
    {
        long[] prices = [.. _prices];
        foreach ((Price price, long milli) in changes)
        {
            // A row without a change would obscure what a list changed.
            if (prices[(int)price] == milli) throw new ArgumentException($"{name} states {price} as it is", nameof(changes));

            prices[(int)price] = milli;
        }

        return new PriceList(name, rules, prices);
    }

    private static GasCharge Computing(string name, Gas compute) => new(name, compute, Gas.Zero);

    // Charges for access to actors, addresses and balances.
    private GasCharge Access(in GasCharge charge) => Rules.ChargesAccess ? charge : GasCharge.None;

    // Charges for links in blocks and values.
    private GasCharge Links(in GasCharge charge) => Rules.ChargesLinks ? charge : GasCharge.None;

    // Charges for a part of a call.
    private GasCharge PartOfCall(in GasCharge charge) => Rules.ChargesCallsWhole ? GasCharge.None : charge;

    private static GasCharge Otherwise(string name, Gas other) => new(name, Gas.Zero, other);
}
