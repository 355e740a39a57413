using System.Text.Json;

namespace Fvm.Node;

/// <summary>The parameters of a request, by position; any may be missing.</summary>
internal readonly struct RpcParameters(JsonElement array)
{
    /// <summary>How many there are.</summary>
    public int Count => array.ValueKind == JsonValueKind.Array ? array.GetArrayLength() : 0;

    /// <summary>A parameter, which may be missing.</summary>
    /// <param name="index">Its position, from zero.</param>
    /// <param name="name">Its name, for errors.</param>
    public RpcValue this[int index, string name] => new(index < Count ? array[index] : default, $"parameter {index} ({name})");

    /// <summary>A block; latest if it is missing.</summary>
    public BlockReference Block(int index, string name = "block") =>
        this[index, name] is { IsMissing: false } value ? value.Block() : BlockReference.Latest;

    /// <summary>True or false; false if it is missing.</summary>
    public bool Flag(int index, string name) => this[index, name] is { IsMissing: false } value && value.Bool();
}
