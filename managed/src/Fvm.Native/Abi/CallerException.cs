namespace Fvm.Native;

/// <summary>The caller asked for what there is not: a bad argument, a machine that is no more.</summary>
internal sealed class CallerException(string message) : Exception(message);
