namespace Fvm.Actors;

/// <summary>The shape of an actor's state.</summary>
internal sealed record StateRow(Shape Shape, VersionRange Versions);
