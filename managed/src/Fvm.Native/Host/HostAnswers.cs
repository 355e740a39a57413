namespace Fvm.Native;

/// <summary>Results of the host's functions with a meaning of their own (C: <c>FvmError_t</c>).</summary>
internal static class HostAnswers
{
    public const int InvalidHandle = -1;
    public const int NotFound = -2;

    /// <summary>The result in place of a host that ended its thread (<c>native/src/callbacks.c</c>).</summary>
    public const int ThreadEnded = int.MaxValue;
}
