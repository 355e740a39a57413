using System.Text.Json;

namespace Fvm.Actors;

/// <summary>A decoded value, whose parts have names where a shape gave them.</summary>
public abstract class NamedValue
{
    /// <summary>The value on one line, cut off beyond a length.</summary>
    public string ToLine(int maxLength = 2000)
    {
        ValueText text = new(maxLength);
        text.Append(this);
        return text.ToString();
    }

    /// <summary>The value on several lines: a field per line, indented by its depth.</summary>
    /// <param name="maxLines">The maximum number of lines.</param>
    /// <param name="indent">What begins each line.</param>
    public IEnumerable<string> ToLines(int maxLines, string indent = "") => new ValueLines(maxLines).Of(this, indent);

    /// <summary>Writes the value as JSON: amounts and big integers as decimal strings, bytes in base64, CIDs and addresses as strings.</summary>
    public void WriteTo(Utf8JsonWriter json) => WriteTo(json, lotus: null);

    /// <summary>Writes the value as JSON, in Lotus's form or, without one, as above.</summary>
    public abstract void WriteTo(Utf8JsonWriter json, LotusForm? lotus);

    /// <summary>A value without parts, as text.</summary>
    internal abstract string Leaf { get; }
}
