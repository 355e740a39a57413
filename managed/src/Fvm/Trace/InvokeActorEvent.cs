namespace Fvm;

/// <summary>A call's receiver was resolved.</summary>
/// <param name="Id">Its actor ID.</param>
/// <param name="State">Its state before the call.</param>
public sealed record InvokeActorEvent(ActorId Id, ActorState State) : ExecutionEvent;
