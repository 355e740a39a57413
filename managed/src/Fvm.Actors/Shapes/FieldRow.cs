namespace Fvm.Actors;

/// <summary>A field of a tuple.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="IsOptional">Whether a tuple may end before it.</param>
/// <param name="Versions">The versions of the actors that have it.</param>
internal sealed record FieldRow(string Name, Shape Shape, bool IsOptional, VersionRange Versions);
