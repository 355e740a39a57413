using System.Globalization;
using System.Text.Json;

namespace Fvm.Actors;

/// <summary>Bytes.</summary>
internal sealed class BytesValue(ReadOnlyMemory<byte> bytes) : NamedValue
{
    private const int MaxShown = 64;

    internal override string Leaf => bytes.Length <= MaxShown
        ? $"0x{Convert.ToHexStringLower(bytes.Span)}"
        : string.Create(CultureInfo.InvariantCulture, $"0x{Convert.ToHexStringLower(bytes.Span[..MaxShown])}… ({bytes.Length} bytes)");

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus)
    {
        if (lotus is not null && bytes.IsEmpty)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteBase64StringValue(bytes.Span);
        }
    }
}
