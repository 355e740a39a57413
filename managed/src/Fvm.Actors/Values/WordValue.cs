using System.Text.Json;

namespace Fvm.Actors;

/// <summary>An unsigned word of 256 bits.</summary>
internal sealed class WordValue(ReadOnlyMemory<byte> bytes) : NamedValue
{
    internal override string Leaf => bytes.IsEmpty ? "0x0" : $"0x{Convert.ToHexStringLower(bytes.Span)}";

    public override void WriteTo(Utf8JsonWriter json, LotusForm? lotus) => json.WriteStringValue(Leaf);
}
