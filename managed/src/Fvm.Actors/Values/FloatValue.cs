using System.Globalization;
using System.Text.Json;

namespace Fvm.Actors;

/// <summary>A floating point number.</summary>
internal sealed class FloatValue(double value) : NamedValue
{
    internal override string Leaf => value.ToString("R", CultureInfo.InvariantCulture);

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus) => json.WriteStringValue(Leaf);
}
