using System.Text.Json;

namespace Fvm.Actors;

/// <summary>True, false or null.</summary>
internal sealed class ConstantValue : NamedValue
{
    public static readonly ConstantValue True = new("true");
    public static readonly ConstantValue False = new("false");
    public static readonly ConstantValue Null = new("null");

    private ConstantValue(string text) => Leaf = text;

    internal override string Leaf { get; }

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus) => json.WriteRawValue(Leaf, skipInputValidation: true);
}
