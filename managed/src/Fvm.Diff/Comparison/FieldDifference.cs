namespace Fvm.Diff;

/// <summary>A field with two values.</summary>
/// <param name="Field">The field's name in the vector format, with the place in its list.</param>
/// <param name="A">The value of the first side.</param>
/// <param name="B">The value of the second side.</param>
public sealed record FieldDifference(string Field, string A, string B);
