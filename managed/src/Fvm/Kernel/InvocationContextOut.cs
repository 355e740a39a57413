namespace Fvm;

/// <summary>What <c>vm.context</c> told an actor before NV18.</summary>
public readonly record struct InvocationContextOut(
    UInt128 ValueReceived, ActorId Caller, ActorId Receiver, MethodNumber Method, long Epoch, uint NetworkVersion);
