namespace Fvm;

/// <summary>A call ended.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Value">The return value; null for none.</param>
public sealed record CallReturnEvent(ExitCode ExitCode, IpldBlock? Value) : ExecutionEvent;
