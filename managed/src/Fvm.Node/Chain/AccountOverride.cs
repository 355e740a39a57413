using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>What a call takes an account for, in place of what it is.</summary>
/// <param name="Address">The account.</param>
/// <param name="Balance">The balance; null for its own.</param>
/// <param name="Nonce">The nonce; null for its own.</param>
/// <param name="Code">The bytecode; null for its own.</param>
/// <param name="Storage">Words of the storage that are replaced.</param>
/// <param name="ClearsStorage">Whether all other words are zero.</param>
internal sealed record AccountOverride(
    EthAddress Address,
    TokenAmount? Balance = null,
    ulong? Nonce = null,
    byte[]? Code = null,
    IReadOnlyList<(EthHash Slot, EthHash Value)>? Storage = null,
    bool ClearsStorage = false);
