namespace Fvm.Actors;

/// <summary>The result of decoding.</summary>
/// <param name="Value">The value; without names if it does not fit the shape.</param>
/// <param name="Misfit">Why it does not fit the shape; null if it does.</param>
public sealed record DecodedValue(NamedValue Value, string? Misfit)
{
    /// <summary>The value on one line; one that does not fit says so.</summary>
    public string ToLine() => Misfit is null ? Value.ToLine() : $"{Value.ToLine()} (not as expected: {PrintableText.Of(Misfit)})";
}
