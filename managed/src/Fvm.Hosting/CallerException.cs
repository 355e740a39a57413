namespace Fvm.Hosting;

/// <summary>A caller's error: an invalid argument, or a dropped machine.</summary>
public sealed class CallerException(string message) : Exception(message);
