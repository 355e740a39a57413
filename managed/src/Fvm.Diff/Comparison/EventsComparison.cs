using System.Text.Json;

namespace Fvm.Diff;

/// <summary>Finds the first difference of two lists of events in the vector format.</summary>
internal static class EventsComparison
{
    private static readonly string[] EntryFields = ["flags", "key", "codec", "value"];

    /// <summary>The first difference; null if there is none.</summary>
    public static FieldDifference? Of(string left, string right)
    {
        if (left == right)
        {
            return null;
        }

        using JsonDocument one = JsonDocument.Parse(left);
        using JsonDocument other = JsonDocument.Parse(right);
        return InList("events", one.RootElement, other.RootElement, static (place, a, b) => InEvent(place, a, b));
    }

    private static FieldDifference? InEvent(string place, JsonElement one, JsonElement other)
    {
        if (one.ValueKind != JsonValueKind.Object || other.ValueKind != JsonValueKind.Object)
        {
            return Value(place, one, other);
        }

        return Value($"{place}.emitter", Member(one, "emitter"), Member(other, "emitter"))
            ?? InList($"{place}.entries", Member(one, "entries"), Member(other, "entries"), static (place, a, b) =>
                InList(place, a, b, static (place, a, b) => Value(place, a, b), EntryFields))
            ?? Value(place, one, other);
    }

    private static FieldDifference? InList(
        string place, JsonElement one, JsonElement other, Func<string, JsonElement, JsonElement, FieldDifference?> inItem, string[]? names = null)
    {
        if (one.ValueKind != JsonValueKind.Array || other.ValueKind != JsonValueKind.Array)
        {
            return Value(place, one, other);
        }

        int shared = Math.Min(one.GetArrayLength(), other.GetArrayLength());
        for (int index = 0; index < shared; index++)
        {
            string item = names is not null && index < names.Length ? $"{place}.{names[index]}" : $"{place}[{index}]";
            if (inItem(item, one[index], other[index]) is FieldDifference found)
            {
                return found;
            }
        }

        return one.GetArrayLength() == other.GetArrayLength()
            ? null
            : new FieldDifference($"{place}.length", $"{one.GetArrayLength()}", $"{other.GetArrayLength()}");
    }

    private static FieldDifference? Value(string place, JsonElement one, JsonElement other) =>
        JsonElement.DeepEquals(one, other) ? null : new FieldDifference(place, TextOf(one), TextOf(other));

    private static JsonElement Member(JsonElement item, string name) => item.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string TextOf(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? "none" : element.GetRawText();
}
