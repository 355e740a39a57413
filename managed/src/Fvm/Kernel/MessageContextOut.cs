using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>The result of <c>vm.message_context</c>, in the layout of guest memory.</summary>
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
