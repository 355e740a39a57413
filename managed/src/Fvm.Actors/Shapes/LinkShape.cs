namespace Fvm.Actors;

/// <summary>A link to a block with one value.</summary>
internal sealed record LinkShape(Shape Target) : Shape;
