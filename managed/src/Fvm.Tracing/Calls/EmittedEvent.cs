namespace Fvm.Tracing;

/// <summary>An event at its place in a call.</summary>
/// <param name="Event">The event.</param>
/// <param name="Index">Its index among the message's events.</param>
/// <param name="CallsBefore">How many calls its emitter had made before.</param>
public readonly record struct EmittedEvent(StampedEvent Event, int Index, int CallsBefore);
