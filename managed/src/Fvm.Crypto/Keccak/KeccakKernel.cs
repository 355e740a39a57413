using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Crypto;

/// <summary><see cref="KeccakPermutation"/> with AVX-512: owns and calls the code of <see cref="KeccakCode"/>. Immutable, and thread-safe.</summary>
// Sound: calls only what KeccakCode wrote, in memory that lives as long as this object; each use of a pointer has its own reason.
internal sealed unsafe class KeccakKernel
{
    private const int RowLanes = 5;

    // A garbage collection has to wait for the call to return: this many blocks take some tens of microseconds.
    private const int MostBlocks = 256;

    private readonly CodeMemory _memory;

    private KeccakKernel(CodeMemory memory) => _memory = memory;

    /// <summary>Creates the kernel; null if the processor or the operating system does not support it.</summary>
    // Processors without the multiply-add instructions lower their clock for vectors of 64 bytes.
    public static KeccakKernel? Create()
    {
        if (!ProcessorFeatures.HasAvx512Ifma)
        {
            return null;
        }

        // Sound: the constants are read as bytes of their own array.
        ReadOnlySpan<byte> data = MemoryMarshal.AsBytes<ulong>(KeccakCode.WriteData());
        CodeMemory? memory = CodeMemory.TryLoad(data, KeccakCode.Write(CodeMemory.DataSizeOf(data.Length)));
        return memory is null ? null : new(memory);
    }

    /// <summary>As <see cref="KeccakPermutation.Absorb(Span{ulong}, ReadOnlySpan{byte}, int)"/>.</summary>
    public void Absorb(Span<ulong> state, ReadOnlySpan<byte> blocks, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, KeccakPermutation.Lanes);
        delegate* unmanaged[SuppressGCTransition]<ulong*, byte*, nint, nint, ushort*, void> code =
            (delegate* unmanaged[SuppressGCTransition]<ulong*, byte*, nint, nint, ushort*, void>)_memory.Code;
        ushort* masks = stackalloc ushort[KeccakPermutation.Lanes / RowLanes];
        for (int row = 0; row < KeccakPermutation.Lanes / RowLanes; row++)
        {
            int lanes = Math.Clamp((rate / sizeof(ulong)) - (row * RowLanes), 0, RowLanes);
            masks[row] = (ushort)((1 << lanes) - 1);
        }

        // Sound: the code reads whole blocks within the span and 25 lanes of state, and follows the calling convention; its memory is kept
        // alive until it returns.
        fixed (ulong* into = state)
        fixed (byte* from = blocks)
        {
            int left = blocks.Length / rate;
            for (byte* at = from; left > 0;)
            {
                int count = Math.Min(left, MostBlocks);
                code(into, at, count, rate, masks);
                at += count * rate;
                left -= count;
            }
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>As <see cref="KeccakPermutation.Apply(Span{ulong})"/>.</summary>
    public void Apply(Span<ulong> state)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, KeccakPermutation.Lanes);
        delegate* unmanaged[SuppressGCTransition]<ulong*, ulong*, nint, nint, ushort*, void> code =
            (delegate* unmanaged[SuppressGCTransition]<ulong*, ulong*, nint, nint, ushort*, void>)_memory.Code;
        ushort* none = stackalloc ushort[KeccakPermutation.Lanes / RowLanes];
        new Span<ushort>(none, KeccakPermutation.Lanes / RowLanes).Clear();

        // Sound: with empty masks no input is read, wherever it is.
        fixed (ulong* into = state)
        {
            code(into, into, 1, 0, none);
        }

        GC.KeepAlive(_memory);
    }
}
