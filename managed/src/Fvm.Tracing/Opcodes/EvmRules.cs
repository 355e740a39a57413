namespace Fvm.Tracing;

/// <summary>How the EVM actor of a bundle differs from those of others (builtin-actors: actors/evm).</summary>
internal sealed record EvmRules
{
    /// <summary>MCOPY, and the precompile for randomness (FIP-0094, FIP-0095).</summary>
    public required bool CopiesMemory { get; init; }

    /// <summary>TLOAD and TSTORE (FIP-0097).</summary>
    public required bool HasTransients { get; init; }

    /// <summary>CLZ, and the precompile for P-256.</summary>
    public required bool CountsZeros { get; init; }

    /// <summary>The precompiles for BLS12-381.</summary>
    public required bool HasBlsPrecompiles { get; init; }

    /// <summary>The gas limit of a call to a precompile is calculated although few use it: the actor asks for the remaining gas.</summary>
    public required bool LimitsPrecompiles { get; init; }

    /// <summary>A creation checks its endowment before its memory, and leaves the returned data of the call before it.</summary>
    public required bool CreatesWithoutReturnedData { get; init; }

    /// <summary>The rules of a bundle.</summary>
    /// <param name="actorsVersion">The version of the builtin actors.</param>
    public static EvmRules For(int actorsVersion) => new()
    {
        CopiesMemory = actorsVersion >= 15,
        HasTransients = actorsVersion >= 16,
        CountsZeros = actorsVersion >= 18,
        HasBlsPrecompiles = actorsVersion >= 17,
        LimitsPrecompiles = actorsVersion < 17,
        CreatesWithoutReturnedData = actorsVersion < 11,
    };

    /// <summary>Whether calls to an address never reach an actor, even if there is no precompile.</summary>
    public bool IsReserved(EthAddress address)
    {
        ReadOnlySpan<byte> bytes = address.ToBytes();
        return IsP256(bytes)
            || (bytes[0] is 0 or 0xfe && bytes[^1] != 0 && bytes[1..^1].IndexOfAnyExcept((byte)0) < 0);
    }

    /// <summary>Whether there is a precompile at an address.</summary>
    public bool IsPrecompile(EthAddress address)
    {
        ReadOnlySpan<byte> bytes = address.ToBytes();
        if (!IsReserved(address)) return false;

        return IsP256(bytes) || (bytes[0] == 0
            ? bytes[^1] <= 0x09 || (bytes[^1] is >= 0x0b and <= 0x11 && HasBlsPrecompiles)
            : bytes[^1] is 1 or 2 or 3 or 5 || (bytes[^1] == 6 && CopiesMemory));
    }

    private bool IsP256(ReadOnlySpan<byte> bytes) =>
        CountsZeros && bytes[^1] == 0 && bytes[^2] == 1 && bytes[..^2].IndexOfAnyExcept((byte)0) < 0;
}
