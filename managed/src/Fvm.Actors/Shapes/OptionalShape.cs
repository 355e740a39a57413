namespace Fvm.Actors;

/// <summary>A value or null.</summary>
internal sealed record OptionalShape(Shape Item) : Shape;
