namespace Fvm;

/// <summary>An event as an actor emits it: entries in order.</summary>
/// <param name="Entries">May be empty.</param>
public readonly record struct ActorEvent(EventEntry[] Entries);
