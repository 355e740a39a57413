// The compression function of SHA-256 by the processor's SHA instructions.
using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Crypto;

/// <summary>Holds the code of <see cref="Sha256Code"/> and calls it. Immutable; for any thread.</summary>
// Sound: calls only what Sha256Code wrote, in memory that lives as long as this object; each use of a pointer has its own reason.
internal sealed unsafe class Sha256Kernel
{
    // The collector waits for a call to end: so much at a time takes some tens of microseconds.
    private const int MostBlocks = 1024;

    private const int PageSize = 4096;
    private readonly CodeMemory _memory;

    private Sha256Kernel(CodeMemory memory) => _memory = memory;

    // The bytes of a word the other way round, for PSHUFB.
    private static ReadOnlySpan<uint> ByteOrder => [0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f];

    /// <summary>Makes the kernel; null where processor or system cannot run it.</summary>
    public static Sha256Kernel? Create()
    {
        if (!ProcessorFeatures.HasSha256 || !CodeMemory.IsSupported)
        {
            return null;
        }

        CodeMemory memory;
        try
        {
            memory = CodeMemory.Reserve(PageSize, PageSize);
        }
        catch (OutOfMemoryException)
        {
            // Portable code needs none.
            return null;
        }

        // Sound: constants and code are written within the memory's sizes, and never changed again.
        Span<byte> data = new(memory.Data, PageSize);
        ReadOnlySpan<byte> constants = MemoryMarshal.AsBytes(Sha256Constants.Rounds);
        constants.CopyTo(data);
        MemoryMarshal.AsBytes(ByteOrder).CopyTo(data[constants.Length..]);
        Sha256Code.Write().CopyTo(new Span<byte>(memory.Writable, PageSize));
        memory.Seal();
        return new Sha256Kernel(memory);
    }

    /// <summary>Compresses whole blocks into the state.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    public void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, 8);
        delegate* unmanaged[SuppressGCTransition]<uint*, byte*, nint, byte*, void> code =
            (delegate* unmanaged[SuppressGCTransition]<uint*, byte*, nint, byte*, void>)_memory.Code;

        // Sound: the code reads whole blocks within the span and eight words of state, and keeps to the convention; its memory is kept
        // until it has returned.
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
