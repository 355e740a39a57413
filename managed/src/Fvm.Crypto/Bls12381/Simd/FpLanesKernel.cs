using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Crypto;

/// <summary>
/// Products of <see cref="FpLanes"/> by the code of <see cref="FpLanesCode"/>, which this owns. Factors must have limbs below 3.4 * 2^49 in
/// magnitude, and values within 199 p; products are within 0.8 p, with limbs up to 2^49 + 2^10. Immutable, and thread-safe.
/// </summary>
// Sound: calls only what FpLanesCode wrote, in memory that lives as long as this object, by the signatures that it states; the code reads and
// writes the limbs that it is given, which follow each other, and its own stack frame.
internal sealed unsafe class FpLanesKernel
{
    private readonly CodeMemory _memory;
    private readonly delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, void> _multiply;
    private readonly delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, void> _multiplyPaired;
    private readonly delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, void> _multiplyTwice;
    private readonly delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, void> _pairedTwice;

    private FpLanesKernel(CodeMemory memory, FpLanesCode code)
    {
        // Sound: offsets of functions in the code that was loaded.
        byte* start = memory.Code;
        _memory = memory;
        _multiply = (delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, void>)(start + code.Multiply);
        _multiplyPaired = (delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, void>)(start + code.MultiplyPaired);
        _multiplyTwice = (delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, void>)
            (start + code.MultiplyTwice);
        _pairedTwice = (delegate* unmanaged[SuppressGCTransition]<FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, FpLanes*, void>)
            (start + code.MultiplyPairedTwice);
    }

    /// <summary>Creates the kernel; null if the processor or the operating system does not support it.</summary>
    public static FpLanesKernel? Create()
    {
        if (!ProcessorFeatures.HasAvx512Ifma || !FpLanes.IsSupported)
        {
            return null;
        }

        // Sound: the constants are read as bytes of their own span.
        ReadOnlySpan<byte> data = MemoryMarshal.AsBytes(FpLanesConstants.All);
        FpLanesCode code = new(CodeMemory.DataSizeOf(data.Length));
        CodeMemory? memory = CodeMemory.TryLoad(data, code.ToArray());
        return memory is null ? null : new(memory, code);
    }

    public void Multiply(in FpLanes a, in FpLanes b, out FpLanes product)
    {
        fixed (FpLanes* first = &a, second = &b, into = &product)
        {
            _multiply(first, second, into);
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>As <see cref="FpLanes.MultiplyPaired"/>.</summary>
    public void MultiplyPaired(in FpLanes a, in FpLanes b, out FpLanes product)
    {
        fixed (FpLanes* first = &a, second = &b, into = &product)
        {
            _multiplyPaired(first, second, into);
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>Both products at once.</summary>
    public void MultiplyPairedTwice(in FpLanes a, in FpLanes b, out FpLanes product, in FpLanes c, in FpLanes d, out FpLanes other)
    {
        fixed (FpLanes* first = &a, second = &b, third = &c, fourth = &d, into = &product, intoOther = &other)
        {
            _pairedTwice(first, second, into, third, fourth, intoOther);
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>Both products at once.</summary>
    public void MultiplyTwice(in FpLanes a, in FpLanes b, out FpLanes product, in FpLanes c, in FpLanes d, out FpLanes other)
    {
        fixed (FpLanes* first = &a, second = &b, third = &c, fourth = &d, into = &product, intoOther = &other)
        {
            _multiplyTwice(first, second, into, third, fourth, intoOther);
        }

        GC.KeepAlive(_memory);
    }
}
