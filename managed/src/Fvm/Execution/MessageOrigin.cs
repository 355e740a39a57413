namespace Fvm;

/// <summary>Where a call stack comes from: what the executor knows of the message before it runs.</summary>
internal readonly record struct MessageOrigin(
    ActorId Sender,
    Address SenderAddress,
    ActorId? Receiver,
    Address ReceiverAddress,
    ulong Nonce,
    ulong GasLimit,
    TokenAmount GasPremium);
