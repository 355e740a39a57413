using System.Text.Json;

namespace Fvm.Actors;

/// <summary>Text; or an address, a CID of an untyped link or an actor's ID, which are not quoted.</summary>
internal sealed class TextValue(string text, bool quoted) : NamedValue
{
    internal override string Leaf => quoted ? $"\"{PrintableText.Of(text)}\"" : PrintableText.Of(text);

    public override void WriteTo(Utf8JsonWriter json) => json.WriteStringValue(text);
}
