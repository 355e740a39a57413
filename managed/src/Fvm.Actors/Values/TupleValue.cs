using System.Text.Json;

namespace Fvm.Actors;

/// <summary>Values by name: the fields of a tuple, or the entries of a map.</summary>
internal sealed class TupleValue(IReadOnlyList<(string Name, NamedValue Value)> fields) : NamedValue
{
    public IReadOnlyList<(string Name, NamedValue Value)> Fields => fields;

    internal override string Leaf => string.Empty;

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus)
    {
        json.WriteStartObject();
        foreach ((string name, NamedValue value) in fields)
        {
            json.WritePropertyName(lotus?.NameOf(name) ?? name);
            value.WriteTo(json, lotus);
        }

        json.WriteEndObject();
    }
}
