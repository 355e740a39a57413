namespace Fvm.Actors;

/// <summary>A method of an actor.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name in the actors' sources.</param>
/// <param name="Parameters">Its parameters; null for none.</param>
/// <param name="Result">Its return value; null for none.</param>
/// <param name="Versions">The versions of the actors that have it.</param>
internal sealed record MethodRow(MethodNumber Number, string Name, Shape? Parameters, Shape? Result, VersionRange Versions);
