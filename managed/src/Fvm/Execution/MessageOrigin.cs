namespace Fvm;

/// <summary>The origin of a call stack: the facts about the message that the executor knows before it runs.</summary>
internal readonly record struct MessageOrigin(
    ActorId Sender,
    Address SenderAddress,
    ActorId? Receiver,
    Address ReceiverAddress,
    ulong Nonce,
    ulong GasLimit,
    TokenAmount GasPremium);
