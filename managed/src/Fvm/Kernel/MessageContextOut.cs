using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What <c>vm.message_context</c> tells an actor, as it lies in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct MessageContextOut(
    ActorId Origin,
    ulong Nonce,
    ActorId Caller,
    ActorId Receiver,
    MethodNumber Method,
    UInt128 ValueReceived,
    UInt128 GasPremium,
    ContextFlags Flags);
