using System.Text.Json;

namespace Fvm.Actors;

/// <summary>A big integer, which may be an amount in attoFIL.</summary>
internal sealed class AmountValue(TokenAmount value, bool isFil) : NamedValue
{
    internal override string Leaf => isFil ? $"{value.ToFil()} FIL" : value.ToString();

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus) => json.WriteStringValue(value.ToString());
}
