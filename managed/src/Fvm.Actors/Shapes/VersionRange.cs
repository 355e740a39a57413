using System.Globalization;

namespace Fvm.Actors;

/// <summary>The actors' versions that have a row: from the first to the last, inclusive.</summary>
internal readonly record struct VersionRange(int First, int Last)
{
    public bool Contains(int version) => version >= First && version <= Last;

    /// <summary>Parses <c>v8</c>, <c>v8-v11</c> or <c>v12-</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out VersionRange range)
    {
        range = default;
        int dash = text.IndexOf('-');
        ReadOnlySpan<char> start = dash < 0 ? text : text[..dash];
        ReadOnlySpan<char> end = dash < 0 ? text : text[(dash + 1)..];
        int last = int.MaxValue;
        if (!TryParseOne(start, out int first) || (!end.IsEmpty && !TryParseOne(end, out last)) || last < first)
        {
            return false;
        }

        range = new VersionRange(first, last);
        return true;
    }

    private static bool TryParseOne(ReadOnlySpan<char> text, out int version)
    {
        version = 0;
        return text.Length > 1 && text[0] == 'v' && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}
