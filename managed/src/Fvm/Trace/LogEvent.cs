namespace Fvm;

/// <summary>A log message of an actor, with actor debugging on.</summary>
public sealed record LogEvent(string Text) : ExecutionEvent;
