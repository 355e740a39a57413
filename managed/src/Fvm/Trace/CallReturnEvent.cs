namespace Fvm;

/// <summary>A call ended.</summary>
/// <param name="ExitCode">How.</param>
/// <param name="Value">What it returned; null for nothing.</param>
public sealed record CallReturnEvent(ExitCode ExitCode, IpldBlock? Value) : ExecutionEvent;
