namespace Fvm.MachineCode;

/// <summary>
/// The parts of the processor's state that the operating system saves, by the instruction XGETBV (Intel's manual, volume 1, section 13.3), which
/// .NET has no name for. The sizes that CPUID's leaf 13 gives do not tell: AMD's processors lay the AVX-512 registers out in fewer bytes than
/// Intel's, and later parts follow them.
/// </summary>
internal static class ProcessorState
{
    /// <summary>Bits of the register XCR0: SSE and AVX registers.</summary>
    public const ulong Avx = 0b110;

    /// <summary>As <see cref="Avx"/>, with masks, the upper halves of the first 16 registers, and the other 16.</summary>
    public const ulong Avx512 = Avx | 0b1110_0000;

    // xor ecx, ecx; xgetbv; shl rdx, 32; or rax, rdx; ret
    private static ReadOnlySpan<byte> Code => [0x31, 0xc9, 0x0f, 0x01, 0xd0, 0x48, 0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0, 0xc3];

    /// <summary>
    /// XCR0; 0 where code made at run time cannot run. To be called only if the processor reports that the system uses XGETBV (leaf 1, OSXSAVE).
    /// </summary>
    // Sound: calls the code above, which changes no memory and no register that the platform's calling convention preserves.
    public static unsafe ulong Read()
    {
        using CodeMemory? memory = CodeMemory.TryLoad([0], Code);
        return memory is null ? 0 : ((delegate* unmanaged<ulong>)memory.Code)();
    }
}
