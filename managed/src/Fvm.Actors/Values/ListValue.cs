using System.Text.Json;

namespace Fvm.Actors;

/// <summary>Values in order.</summary>
internal sealed class ListValue(IReadOnlyList<NamedValue> items) : NamedValue
{
    public IReadOnlyList<NamedValue> Items => items;

    internal override string Leaf => string.Empty;

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus)
    {
        if (lotus is not null && items.Count == 0)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (NamedValue item in items)
        {
            item.WriteTo(json, lotus);
        }

        json.WriteEndArray();
    }
}
