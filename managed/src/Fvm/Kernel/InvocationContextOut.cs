using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What <c>vm.context</c> told an actor before NV18, as it lay in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct InvocationContextOut(
    UInt128 ValueReceived, ActorId Caller, ActorId Receiver, MethodNumber Method, long Epoch, uint NetworkVersion);
