namespace Fvm.Actors;

/// <summary>A list of values of one shape.</summary>
internal sealed record ListShape(Shape Item) : Shape;
