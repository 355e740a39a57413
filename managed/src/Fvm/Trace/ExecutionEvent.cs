namespace Fvm;

/// <summary>An event in a message's trace, human-readable and comparable with the reference's.</summary>
public abstract record ExecutionEvent;
