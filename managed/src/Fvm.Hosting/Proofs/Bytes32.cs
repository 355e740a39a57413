using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Fvm.Hosting;

/// <summary>32 bytes inline (C: <c>uint8_32_array_t</c>).</summary>
// Sound: 32 bytes without padding; only Span reads them.
internal unsafe struct Bytes32
{
    public const int Length = 32;

    private fixed byte _bytes[Length];

    /// <summary>The bytes.</summary>
    // Sound: the span covers this one value, and cannot outlive it.
    [UnscopedRef]
    public Span<byte> Span => MemoryMarshal.AsBytes(new Span<Bytes32>(ref this));

    /// <param name="bytes">The bytes to copy.</param>
    /// <param name="what">Their name in the error.</param>
    /// <exception cref="ProofException">The length is not 32 bytes.</exception>
    public static Bytes32 Of(ReadOnlySpan<byte> bytes, string what)
    {
        if (bytes.Length != Length)
        {
            throw new ProofException($"{what} has {bytes.Length} bytes, not {Length}");
        }

        Bytes32 copy = default;
        bytes.CopyTo(copy.Span);
        return copy;
    }
}
