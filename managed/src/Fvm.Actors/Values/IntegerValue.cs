using System.Globalization;
using System.Text.Json;

namespace Fvm.Actors;

/// <summary>An integer.</summary>
internal sealed class IntegerValue(Int128 value) : NamedValue
{
    public Int128 Value => value;

    internal override string Leaf => value.ToString(CultureInfo.InvariantCulture);

    // An integer of CBOR has 64 bits and a sign.
    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus) => json.WriteRawValue(Leaf, skipInputValidation: true);
}
