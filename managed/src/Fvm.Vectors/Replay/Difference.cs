namespace Fvm.Vectors;

/// <summary>One field that differs.</summary>
/// <param name="Message">The message's index; null for a difference of the whole vector.</param>
/// <param name="Field">The field's name in the vector.</param>
public sealed record Difference(int? Message, string Field, string Actual, string Expected)
{
    // Return data and trace lines can be long: shown up to this many characters, which nearly always include the difference.
    private const int MaxShown = 600;

    public override string ToString()
    {
        string where = Message is null ? string.Empty : $"message {Message}: ";
        return $"{where}{Field} is {Shorten(Actual)}, expected {Shorten(Expected)}";
    }

    private static string Shorten(string text) =>
        text.Length <= MaxShown ? text : $"{text.AsSpan(0, MaxShown)}… ({text.Length} characters)";
}
