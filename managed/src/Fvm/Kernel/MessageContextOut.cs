namespace Fvm;

/// <summary>What <c>vm.message_context</c> tells an actor.</summary>
public readonly record struct MessageContextOut(
    ActorId Origin,
    ulong Nonce,
    ActorId Caller,
    ActorId Receiver,
    MethodNumber Method,
    UInt128 ValueReceived,
    UInt128 GasPremium,
    ContextFlags Flags);
