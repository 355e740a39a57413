using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Crypto;

/// <summary>
/// The compression function of SHA-256 by the processor's SHA instructions: owns and calls the code of <see cref="Sha256Code"/>. Immutable,
/// and thread-safe.
/// </summary>
// Sound: calls only what Sha256Code wrote, in memory that lives as long as this object; each use of a pointer has its own reason.
internal sealed unsafe class Sha256Kernel
{
    // A garbage collection has to wait for the call to return: this many blocks take some tens of microseconds.
    private const int MostBlocks = 1024;

    private readonly CodeMemory _memory;

    private Sha256Kernel(CodeMemory memory) => _memory = memory;

    // The PSHUFB mask that reverses the bytes of each word.
    private static ReadOnlySpan<uint> ByteOrder => [0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f];

    /// <summary>Creates the kernel; null if the processor or the operating system does not support it.</summary>
    public static Sha256Kernel? Create()
    {
        // Sound: the constants are read as bytes of their own spans.
        CodeMemory? memory = ProcessorFeatures.HasSha256
            ? CodeMemory.TryLoad([.. MemoryMarshal.AsBytes(Sha256Constants.Rounds), .. MemoryMarshal.AsBytes(ByteOrder)], Sha256Code.Write())
            : null;
        return memory is null ? null : new(memory);
    }

    /// <summary>Compresses whole blocks into the state.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    public void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, 8);
        delegate* unmanaged[SuppressGCTransition]<uint*, byte*, nint, byte*, void> code =
            (delegate* unmanaged[SuppressGCTransition]<uint*, byte*, nint, byte*, void>)_memory.Code;

        // Sound: the code reads whole blocks within the span and eight words of state, and follows the calling convention; its memory is
        // kept alive until it returns.
        fixed (uint* into = state)
        fixed (byte* from = blocks)
        {
            int left = blocks.Length / Sha256.BlockBytes;
            for (byte* at = from; left > 0;)
            {
                int count = Math.Min(left, MostBlocks);
                code(into, at, count, _memory.Data);
                at += count * Sha256.BlockBytes;
                left -= count;
            }
        }

        GC.KeepAlive(_memory);
    }
}
