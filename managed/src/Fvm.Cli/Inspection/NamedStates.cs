using System.Text.Json;
using Fvm.Actors;
using Fvm.Tracing;

namespace Fvm.Cli;

/// <summary>The states of builtin actors by the names of their fields.</summary>
internal static class NamedStates
{
    public const string Missing = "its state is not in the file";

    private const int MaxLines = 1000;

    /// <summary>Decodes a state's root block; null for an actor without a name or without a state.</summary>
    // A state does not tell the version of its actors: the newest whose shape fits.
    public static DecodedValue? Decode(string? actor, ReadOnlySpan<byte> block) =>
        actor is null ? null : BuiltinActors.Table.DecodeState(actor, version: null, block);

    /// <summary>A state with a field per line.</summary>
    public static IEnumerable<string> Lines(string? actor, byte[]? block, ulong codec)
    {
        if (block is null)
        {
            return [Missing];
        }

        if (Decode(actor, block) is not DecodedValue decoded)
        {
            return [CborText.Of(codec, block)];
        }

        return decoded.Misfit is null ? decoded.Value.ToLines(MaxLines) : [decoded.ToLine()];
    }

    /// <summary>A state by names; null without.</summary>
    public static void Write(Utf8JsonWriter json, string field, string? actor, byte[]? block)
    {
        json.WritePropertyName(field);
        if (block is not null && Decode(actor, block) is { Misfit: null } decoded)
        {
            decoded.Value.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
