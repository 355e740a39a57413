using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>An actor as Ethereum sees it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Balance">Its balance in attoFIL.</param>
/// <param name="Nonce">The number of its messages; of a contract, that of the contracts it created, plus one.</param>
/// <param name="Code">A contract's code.</param>
/// <param name="Storage">The root of a contract's storage; null for others.</param>
public sealed record EthAccount(EthAddress Address, TokenAmount Balance, ulong Nonce, ReadOnlyMemory<byte> Code, Cid? Storage);
