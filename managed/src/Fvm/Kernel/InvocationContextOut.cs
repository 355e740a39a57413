using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>The result of <c>vm.context</c> before NV18, in the layout of guest memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct InvocationContextOut(
    UInt128 ValueReceived, ActorId Caller, ActorId Receiver, MethodNumber Method, long Epoch, uint NetworkVersion);
