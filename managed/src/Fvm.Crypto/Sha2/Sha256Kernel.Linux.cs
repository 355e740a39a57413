// The compression function of SHA-256 by the processor's SHA instructions, on Linux.
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <summary>Holds the code of <see cref="Sha256Code"/> and calls it. Immutable; for any thread, for as long as the process lives.</summary>
// Sound: its pointer is to a mapping that lives as long as the process; each use of another pointer has its own reason.
internal sealed unsafe partial class Sha256Kernel
{
    /// <summary>Bytes in a block.</summary>
    public const int BlockBytes = 64;

    // The collector waits for a call to end: so much at a time takes some tens of microseconds.
    private const int MostBlocks = 1024;

    private const int Read = 1;
    private const int Write = 2;
    private const int Execute = 4;
    private const int PrivateAnonymous = 0x22;
    private const int Size = 8192;
    private const int ConstantsAt = 4096;

    // Bits of the answers to CPUID; the system keeps the state of AVX where the second one of them is set, too.
    private const int ShaFeature = 1 << 29;
    private const int AvxFeatures = (1 << 28) | (1 << 27);
    private static readonly nint Failed = -1;

    private readonly byte* _memory;

    private Sha256Kernel(byte* memory) => _memory = memory;

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,

        // The bytes of a word the other way round, for PSHUFB.
        0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f,
    ];

    /// <summary>Makes the kernel; null where processor or system cannot run it.</summary>
    public static Sha256Kernel? Create()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !X86Base.IsSupported
            || (X86Base.CpuId(7, 0).Ebx & ShaFeature) == 0 || (X86Base.CpuId(1, 0).Ecx & AvxFeatures) != AvxFeatures)
        {
            return null;
        }

        nint memory = Map(0, Size, Read | Write, PrivateAnonymous, -1, 0);
        if (memory == Failed)
        {
            return null;
        }

        // Sound: code and constants are written within the mapping, which then is never writable again. Hardened systems refuse to let
        // run what a process wrote.
        Sha256Code.Write().CopyTo(new Span<byte>((void*)memory, ConstantsAt));
        MemoryMarshal.AsBytes(RoundConstants).CopyTo(new Span<byte>((byte*)memory + ConstantsAt, Size - ConstantsAt));
        if (Protect(memory, Size, Read | Execute) == 0)
        {
            return new Sha256Kernel((byte*)memory);
        }

        _ = Unmap(memory, Size);
        return null;
    }

    /// <summary>Compresses whole blocks into the state.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    public void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, 8);
        delegate* unmanaged[SuppressGCTransition]<uint*, byte*, nint, byte*, void> code =
            (delegate* unmanaged[SuppressGCTransition]<uint*, byte*, nint, byte*, void>)_memory;

        // Sound: the code reads whole blocks within the span and eight words of state, and keeps to the convention.
        fixed (uint* into = state)
        fixed (byte* from = blocks)
        {
            int left = blocks.Length / BlockBytes;
            for (byte* at = from; left > 0;)
            {
                int count = Math.Min(left, MostBlocks);
                code(into, at, count, _memory + ConstantsAt);
                at += count * BlockBytes;
                left -= count;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
