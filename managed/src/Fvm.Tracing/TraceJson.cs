using System.Buffers;
using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>JSON of traces as bytes.</summary>
public static class TraceJson
{
    // A message nests at most 1,024 calls, each an object in a list.
    private const int MaxDepth = 4096;

    /// <summary>What a function writes, on one line.</summary>
    public static ReadOnlyMemory<byte> ToBytes(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { MaxDepth = MaxDepth }))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }
}
