using System.Diagnostics.CodeAnalysis;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// The rules of one network version: the columns of <see cref="NetworkTable"/>. Code asks for a behaviour here, never for the version
/// number.
/// </summary>
public sealed record NetworkRules
{
    public required NetworkVersion Version { get; init; }

    /// <summary>The names and signatures of syscalls.</summary>
    public required SyscallAbi Syscalls { get; init; }

    /// <summary>The only state tree version that can be loaded.</summary>
    public required StateTreeVersion StateTree { get; init; }

    public required PriceList Prices { get; init; }

    /// <summary>Size limits of Wasm modules and their instances.</summary>
    public required ModuleLimits Modules { get; init; }

    /// <summary>Instruction costs, and the limit of the Wasm stack.</summary>
    public required MeteringRules Metering { get; init; }

    /// <summary>The version of the builtin actors' bundle that the network version starts with.</summary>
    public required int ActorsVersion { get; init; }

    public required EventRules Events { get; init; }

    /// <summary>Delegated addresses, placeholders and Ethereum accounts exist.</summary>
    public required bool DelegatedAddresses { get; init; }

    /// <summary>Blocks may link only to reachable CIDs, and each link is charged.</summary>
    public required bool TracksLinks { get; init; }

    /// <summary>Initial memory, memory growth and tables are charged; hence instantiation is settled separately.</summary>
    public required bool ChargesMemory { get; init; }

    /// <summary>Behaviour of the machine not covered by the other columns.</summary>
    public required MachineRules Machine { get; init; }

    /// <summary>
    /// Total memory of all instances of a message, in bytes. (fvm 2 has no such limit; only builtin actors run there, which stay far below it.)
    /// </summary>
    public ulong MaxMemory => 2UL << 30;

    /// <summary>All network versions, in ascending order.</summary>
    public static ReadOnlySpan<NetworkRules> All => NetworkTable.All;

    /// <summary>The rules of a version.</summary>
    /// <exception cref="NotSupportedException">The version is not in the table.</exception>
    public static NetworkRules For(NetworkVersion version) => NetworkTable.Find(version)
        ?? throw new NotSupportedException($"network version {(uint)version} is not supported");

    /// <summary>The rules of a version; false if it is not in the table.</summary>
    public static bool TryFor(NetworkVersion version, [NotNullWhen(true)] out NetworkRules? rules)
    {
        rules = NetworkTable.Find(version);
        return rules is not null;
    }

    /// <summary>The rules of a version number.</summary>
    /// <exception cref="NotSupportedException">The version is not in the table.</exception>
    public static NetworkRules For(uint version) => For((NetworkVersion)version);
}
