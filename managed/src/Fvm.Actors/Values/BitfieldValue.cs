using System.Globalization;
using System.Text.Json;

namespace Fvm.Actors;

/// <summary>A set of integers.</summary>
internal sealed class BitfieldValue(IReadOnlyList<(ulong First, ulong Last)> ranges) : NamedValue
{
    private const int MaxShown = 32;

    internal override string Leaf
    {
        get
        {
            IEnumerable<string> shown = ranges.Take(MaxShown).Select(static range => range.First == range.Last
                ? range.First.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}"));
            return $"{{{string.Join(", ", shown)}{(ranges.Count > MaxShown ? ", …" : string.Empty)}}}";
        }
    }

    /// <summary>Pairs of the first and last integer of a run; in Lotus's form the lengths of runs, those of absent integers first.</summary>
    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus)
    {
        if (lotus is not null)
        {
            WriteLengths(json);
            return;
        }

        json.WriteStartArray();
        foreach ((ulong first, ulong last) in ranges)
        {
            json.WriteStartArray();
            json.WriteNumberValue(first);
            json.WriteNumberValue(last);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void WriteLengths(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        ulong next = 0;
        foreach ((ulong first, ulong last) in ranges)
        {
            json.WriteNumberValue(first - next);
            json.WriteNumberValue(last - first + 1);
            next = last + 1;
        }

        if (ranges.Count == 0)
        {
            json.WriteNumberValue(0);
        }

        json.WriteEndArray();
    }
}
