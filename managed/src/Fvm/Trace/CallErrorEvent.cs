namespace Fvm;

/// <summary>A call failed before the receiver was invoked.</summary>
/// <param name="Error">The error that the caller sees.</param>
/// <param name="Text">Human-readable; not compared.</param>
public sealed record CallErrorEvent(ErrorNumber Error, string Text) : ExecutionEvent;
