namespace Fvm;

/// <summary>
/// What operations cost at a network version: a method a charge, named as the reference names it
/// (<c>fvm/src/gas/price_list.rs</c>), since traces show the names. The files are split as the kernel is. Prices are a column
/// of <see cref="PriceTable"/>; where a formula differs between lists, the method says so. A method that answers
/// <see cref="GasCharge.None"/> makes no charge in this list, and nothing in the trace.
/// </summary>
public sealed partial class PriceList
{
    private static readonly PriceList[] Lists =
    [
        new(PriceColumn.Skyr), new(PriceColumn.Hygge), new(PriceColumn.Watermelon), new(PriceColumn.Teep),
    ];

    // Actors that every message touches are paid for by its inclusion (FIP-0055).
    private static readonly ActorId[] Preloaded =
    [
        new(0), new(1), new(2), new(3), new(4), new(5), new(6), new(7), new(10), new(99),
    ];

    // One table element takes as much as a pointer.
    private const ulong TableElementSize = 8;

    private readonly long[] _prices;
    private readonly PriceColumn _column;

    private PriceList(PriceColumn column)
    {
        _column = column;
        _prices = PriceTable.Column(column);
    }

    /// <summary>Which list this is.</summary>
    public PriceColumn Column => _column;

    /// <summary>Actors whose state may be read and updated without a charge.</summary>
    public ReadOnlySpan<ActorId> PreloadedActors => Preloaded;

    // Skyr adds memory costs up, later lists charge at least for keeping the block. It has no charges for access to actors.
    private bool IsSkyr => _column == PriceColumn.Skyr;

    private bool IsHygge => _column == PriceColumn.Hygge;

    /// <summary>A price. Those below zero, of Skyr, count as zero here.</summary>
    public Gas this[Price price] => Gas.OfMilli((ulong)Math.Max(0, _prices[(int)price]));

    /// <summary>A price as it stands in the table, in milligas; one of Skyr's is below zero.</summary>
    public long MilliOf(Price price) => _prices[(int)price];

    public static PriceList Of(PriceColumn column) => Lists[(int)column];

    private static GasCharge Computing(string name, Gas compute) => new(name, compute, Gas.Zero);

    // Charges that came with Hygge.
    private GasCharge FromHygge(in GasCharge charge) => IsSkyr ? GasCharge.None : charge;

    // Charges that came with Watermelon.
    private GasCharge FromWatermelon(in GasCharge charge) => IsSkyr || IsHygge ? GasCharge.None : charge;

    private static GasCharge Otherwise(string name, Gas other) => new(name, Gas.Zero, other);
}
