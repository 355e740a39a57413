namespace Fvm;

/// <summary>The generation of syscall names and signatures that actors import.</summary>
public enum SyscallAbi
{
    /// <summary>NV16 and NV17: 36 syscalls, no events, no delegated addresses, no read-only calls.</summary>
    Fvm2,

    /// <summary>NV18 to NV20: 41 syscalls; events as one CBOR block; randomness with purpose and entropy.</summary>
    Fvm3,

    /// <summary>From NV21 on.</summary>
    Fvm4,
}
