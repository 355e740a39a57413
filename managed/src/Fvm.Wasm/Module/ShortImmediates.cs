namespace Fvm.Wasm;

/// <summary>The form of immediates of at most two bytes, of which each is a number, as a reader of instructions tests it.</summary>
/// <param name="Length">Their number.</param>
/// <param name="Clear">The bits of the two bytes behind the opcode that must be clear.</param>
/// <param name="Never">Not zero for a form that may be longer, or is none of numbers.</param>
internal readonly record struct ShortImmediates(byte Length, ushort Clear, byte Never)
{
    /// <summary>A bound on the logarithm of an alignment.</summary>
    public const int AlignmentLimit = 32;

    // In a byte of a LEB128 number: others follow.
    private const ushort More = 0x80;
    private const ushort PastAlignments = byte.MaxValue & ~(AlignmentLimit - 1);

    /// <summary>Whether the bytes behind an opcode, in memory order, are immediates of this form.</summary>
    public bool Has(uint bytes) => ((bytes & Clear) | Never) == 0;

    public static ShortImmediates Of(ImmediateKind kind) => kind switch
    {
        ImmediateKind.None => new(0, 0, 0),
        ImmediateKind.Index or ImmediateKind.I32 => new(1, More, 0),
        ImmediateKind.Memory => new(2, PastAlignments | (More << 8), 0),
        _ => new(0, 0, 1),
    };
}
