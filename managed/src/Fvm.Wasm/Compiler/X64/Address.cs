namespace Fvm.Wasm;

/// <summary>A memory operand: base + index * 2^scale + displacement.</summary>
internal readonly struct Address
{
    public readonly Register Base;
    public readonly Register Index;
    public readonly byte Scale;

    /// <summary>The displacement depends on the frame size: a 4-byte field, filled in by a later fix-up.</summary>
    public readonly bool NeedsFixUp;
    public readonly int Displacement;

    public Address(Register @base, int displacement)
        : this(@base, Register.None, 0, displacement)
    {
    }

    public Address(Register @base, Register index, int scale, int displacement, bool needsFixUp = false)
    {
        Base = @base;
        Index = index;
        Scale = (byte)scale;
        Displacement = displacement;
        NeedsFixUp = needsFixUp;
    }

    /// <summary>An incoming stack argument, above the return address, by its byte offset.</summary>
    public static Address Incoming(int offset) => new(Register.Rsp, Register.None, 0, offset, needsFixUp: true);
}
