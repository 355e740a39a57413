using System.Diagnostics.CodeAnalysis;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// What holds at one network version: the columns of <see cref="NetworkTable"/>. Code asks for a behaviour here and never
/// for the number of the version.
/// </summary>
public sealed record NetworkRules
{
    public required NetworkVersion Version { get; init; }

    /// <summary>The names and signatures of syscalls.</summary>
    public required SyscallAbi Syscalls { get; init; }

    /// <summary>The only version of state trees that can be loaded.</summary>
    public required StateTreeVersion StateTree { get; init; }

    public required PriceList Prices { get; init; }

    /// <summary>How large Wasm modules and their instances may be.</summary>
    public required ModuleLimits Modules { get; init; }

    /// <summary>Costs of instructions, and the limit of the Wasm stack.</summary>
    public required MeteringRules Metering { get; init; }

    /// <summary>The bundle of builtin actors with which the version starts.</summary>
    public required int ActorsVersion { get; init; }

    public required EventRules Events { get; init; }

    /// <summary>Delegated addresses, placeholders and Ethereum accounts exist.</summary>
    public required bool DelegatedAddresses { get; init; }

    /// <summary>Blocks may only link to what the actor has seen, and each link costs.</summary>
    public required bool TracksLinks { get; init; }

    /// <summary>Initial memory, memory growth and tables cost gas, and so instantiation is settled by itself.</summary>
    public required bool ChargesMemory { get; init; }

    /// <summary>The machine's behaviours that belong to no other column.</summary>
    public required MachineRules Machine { get; init; }

    /// <summary>
    /// Bytes of memory of all instances of a message. (fvm 2 has no such limit; only builtin actors run there, which stay far below it.)
    /// </summary>
    public ulong MaxMemory => 2UL << 30;

    /// <summary>All network versions, the oldest first.</summary>
    public static ReadOnlySpan<NetworkRules> All => NetworkTable.All;

    /// <summary>The rules of a version.</summary>
    /// <exception cref="NotSupportedException">The version is not in the table.</exception>
    public static NetworkRules For(NetworkVersion version) => NetworkTable.Find(version)
        ?? throw new NotSupportedException($"network version {(uint)version} is not supported");

    /// <summary>The rules of a version, or false where it is not in the table.</summary>
    public static bool TryFor(NetworkVersion version, [NotNullWhen(true)] out NetworkRules? rules)
    {
        rules = NetworkTable.Find(version);
        return rules is not null;
    }

    /// <summary>The rules of a version given as a number.</summary>
    /// <exception cref="NotSupportedException">The version is not in the table.</exception>
    public static NetworkRules For(uint version) => For((NetworkVersion)version);
}
