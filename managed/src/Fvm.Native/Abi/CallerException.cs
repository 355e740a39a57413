namespace Fvm.Native;

/// <summary>A caller's error: an invalid argument, or a dropped machine.</summary>
internal sealed class CallerException(string message) : Exception(message);
