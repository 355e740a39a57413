using System.Diagnostics;

namespace Fvm.Sidecar;

/// <summary>What a machine does at a time, as metrics and traces see it.</summary>
/// <param name="Name">The kind, named as the call that does nothing else.</param>
/// <param name="Times">When it waits and runs.</param>
/// <param name="Span">The span of a call that consists of this step; null for none.</param>
internal readonly record struct MachineStep(string Name, CallTimes Times, Activity? Span);
