namespace Fvm.Actors;

/// <summary>A link to the root of a map or an array.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its keys; those of an AMT are indices.</param>
/// <param name="Value">Its values.</param>
/// <param name="BitWidth">The bits of the key per level. An AMT's root has it, too.</param>
internal sealed record TrieShape(TrieKind Kind, Primitive Key, Shape Value, int BitWidth) : Shape;
