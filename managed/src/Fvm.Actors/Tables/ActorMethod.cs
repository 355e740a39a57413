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

    /// <summary>Decodes parameters.</summary>
    /// <param name="block">The parameters; null for none.</param>
    /// <returns>Null for none.</returns>
    public DecodedValue? DecodeParameters(IpldBlock? block) => block is null ? null : ShapeDecoder.Decode(_row.Parameters, _version, block);

    /// <summary>Decodes a return value.</summary>
    /// <param name="block">The value; null for none.</param>
    /// <returns>Null for none.</returns>
    public DecodedValue? DecodeResult(IpldBlock? block) => block is null ? null : ShapeDecoder.Decode(_row.Result, _version, block);
}
