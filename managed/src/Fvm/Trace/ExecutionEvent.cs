namespace Fvm;

/// <summary>Something that happened while a message was executed, for people and for comparing with the reference.</summary>
public abstract record ExecutionEvent;
