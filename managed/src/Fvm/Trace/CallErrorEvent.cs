namespace Fvm;

/// <summary>A call did not come about.</summary>
/// <param name="Error">What the caller sees.</param>
/// <param name="Text">For people; not part of what is compared.</param>
public sealed record CallErrorEvent(ErrorNumber Error, string Text) : ExecutionEvent;
