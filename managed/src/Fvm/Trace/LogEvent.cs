namespace Fvm;

/// <summary>An actor logged a text, where debugging of actors is on.</summary>
public sealed record LogEvent(string Text) : ExecutionEvent;
