using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Crypto;

/// <summary>
/// Eight lanes of <see cref="Blake2bLanes"/>: owns and calls the code of <see cref="Blake2bLanesCode"/>. Immutable, and thread-safe.
/// </summary>
// Sound: calls only what Blake2bLanesCode wrote, in memory that lives as long as this object; each use of a pointer has its own reason.
internal sealed unsafe class Blake2bLanesKernel
{
    private const int Lanes = Blake2bLanesCode.Lanes;
    private const int StateWords = 8 * Lanes;

    private readonly CodeMemory _memory;

    private Blake2bLanesKernel(CodeMemory memory) => _memory = memory;

    /// <summary>Creates the kernel; null if the processor or the operating system does not support it.</summary>
    // Processors without the multiply-add instructions lower their clock for vectors of 64 bytes.
    public static Blake2bLanesKernel? Create()
    {
        if (!ProcessorFeatures.HasAvx512Ifma || !Blake2bCompression.IsVectorised)
        {
            return null;
        }

        // Sound: the constants are read as bytes of their own array.
        ReadOnlySpan<byte> data = MemoryMarshal.AsBytes<ulong>(Blake2bLanesCode.Data);
        CodeMemory? memory = CodeMemory.TryLoad(data, Blake2bLanesCode.Write(CodeMemory.DataSizeOf(data.Length)));
        return memory is null ? null : new(memory);
    }

    /// <summary>As <see cref="Blake2bLanes.Compress"/>, with eight lanes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A span is too short, or there is no block.</exception>
    public void Compress(Span<ulong> state, ReadOnlySpan<byte> input, int blocks, Span<ulong> counters, ReadOnlySpan<ulong> finals)
    {
        int stride = blocks * Blake2bCompression.BlockBytes;
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateWords);
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Length, Lanes * stride);
        ArgumentOutOfRangeException.ThrowIfLessThan(counters.Length, Lanes);
        ArgumentOutOfRangeException.ThrowIfLessThan(finals.Length, Lanes);
        delegate* unmanaged[SuppressGCTransition]<ulong*, byte*, nint, nint, ulong*, ulong*, void> code =
            (delegate* unmanaged[SuppressGCTransition]<ulong*, byte*, nint, nint, ulong*, ulong*, void>)_memory.Code;

        // Sound: the lengths are checked above; the code follows the calling convention, and its memory is kept alive until it returns. A
        // garbage collection waits for a step of the schedule at most, some microseconds.
        fixed (ulong* chain = state, count = counters, final = finals)
        fixed (byte* from = input)
        {
            code(chain, from, blocks, stride, count, final);
        }

        GC.KeepAlive(_memory);
    }
}
