using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Fvm.Node;

/// <summary>Finds the end of each JSON value in a stream, reading every byte once.</summary>
internal sealed class JsonFraming(RpcLimits limits)
{
    private JsonReaderState _state = New(limits);
    private long _scanned;

    /// <summary>Why the stream is no sequence of requests; null if it is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes the first value off the buffer, if it is complete.</summary>
    public bool TryTake(ref ReadOnlySequence<byte> buffer, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        if (Fault is not null || !TryScan(buffer))
        {
            return false;
        }

        value = buffer.Slice(0, _scanned).ToArray();
        buffer = buffer.Slice(_scanned);
        _scanned = 0;
        _state = New(limits);
        return true;
    }

    private static JsonReaderState New(RpcLimits limits) => new(new JsonReaderOptions { MaxDepth = limits.MaxDepth });

    private bool TryScan(in ReadOnlySequence<byte> buffer)
    {
        Utf8JsonReader reader = new(buffer.Slice(_scanned), isFinalBlock: false, _state);
        bool isComplete = false;
        try
        {
            while (!isComplete && reader.Read())
            {
                isComplete = reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
                if (reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.String or JsonTokenType.True or JsonTokenType.False
                    or JsonTokenType.Null or JsonTokenType.Number)
                {
                    Fault = "the request is neither an object nor an array";
                    return false;
                }
            }
        }
        catch (JsonException e)
        {
            Fault = $"the request is no JSON: {PrintableText.Of(e.Message)}";
            return false;
        }

        _scanned += reader.BytesConsumed;
        _state = reader.CurrentState;
        if (_scanned > limits.MaxRequestBytes || (!isComplete && buffer.Length > limits.MaxRequestBytes))
        {
            Fault = $"the request is longer than {limits.MaxRequestBytes} bytes";
            return false;
        }

        return isComplete;
    }
}
