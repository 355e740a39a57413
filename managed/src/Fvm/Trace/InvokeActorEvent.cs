namespace Fvm;

/// <summary>The receiver of a call was found.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">The actor as it was before the call.</param>
public sealed record InvokeActorEvent(ActorId Id, ActorState State) : ExecutionEvent;
