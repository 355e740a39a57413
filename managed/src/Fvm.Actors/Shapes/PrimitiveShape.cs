namespace Fvm.Actors;

/// <summary>A value without parts.</summary>
internal sealed record PrimitiveShape(Primitive Kind) : Shape;
