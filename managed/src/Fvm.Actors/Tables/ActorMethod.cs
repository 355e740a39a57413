using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>A method of a builtin actor at one version.</summary>
public sealed class ActorMethod
{
    private readonly MethodRow _row;
    private readonly int _version;

    internal ActorMethod(MethodRow row, int version)
    {
        _row = row;
        _version = version;
    }

    /// <summary>Its name in the actors' sources.</summary>
    public string Name => _row.Name;

    /// <summary>Its number.</summary>
    public MethodNumber Number => _row.Number;

    /// <summary>Writes random parameters.</summary>
    /// <param name="source">Chooses the values.</param>
    /// <returns>CBOR; empty for none.</returns>
    public byte[] GenerateParameters(IValueSource source)
    {
        if (_row.Parameters is null)
        {
            return [];
        }

        CborWriter writer = new();
        new ShapeGenerator(_version, source, writer).Write(_row.Parameters);
        return writer.ToArray();
    }

    /// <summary>Encodes parameters from JSON: names or lists for tuples, decimal text or numbers for amounts, base64 or 0x for bytes.</summary>
    /// <returns>CBOR; empty for a method without parameters.</returns>
    /// <exception cref="FormatException">They do not fit the method.</exception>
    public byte[] EncodeParameters(JsonElement json) => _row.Parameters is null ? [] : ShapeEncoder.Encode(_row.Parameters, _version, json);

    /// <summary>Decodes parameters.</summary>
    /// <param name="block">The parameters; null for none.</param>
    /// <returns>Null for none.</returns>
    public DecodedValue? DecodeParameters(IpldBlock? block) => block is null ? null : ShapeDecoder.Decode(_row.Parameters, _version, block);

    /// <summary>Decodes a return value.</summary>
    /// <param name="block">The value; null for none.</param>
    /// <returns>Null for none.</returns>
    public DecodedValue? DecodeResult(IpldBlock? block) => block is null ? null : ShapeDecoder.Decode(_row.Result, _version, block);
}
