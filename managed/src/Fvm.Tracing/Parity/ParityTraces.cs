using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Parity's form of traces: a flat list of frames with their places, as Lotus and Forest give it.</summary>
public static class ParityTraces
{
    /// <summary>Lists a message's frames with their places, outermost first.</summary>
    public static IReadOnlyList<ParityTrace> Of(EthFrame? outermost)
    {
        List<ParityTrace> traces = [];
        if (outermost is not null)
        {
            Add(traces, outermost, []);
        }

        return traces;
    }

    /// <summary>Writes a list of traces.</summary>
    /// <param name="json">The writer, where a value is expected.</param>
    /// <param name="traces">The traces.</param>
    /// <param name="place">Their transaction; null for none.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<ParityTrace> traces, TracePlace? place = null)
    {
        json.WriteStartArray();
        foreach (ParityTrace trace in traces)
        {
            trace.WriteTo(json, place);
        }

        json.WriteEndArray();
    }

    private static void Add(List<ParityTrace> traces, EthFrame frame, int[] place)
    {
        traces.Add(new ParityTrace(frame, place));
        for (int index = 0; index < frame.Frames.Count; index++)
        {
            Add(traces, frame.Frames[index], [.. place, index]);
        }
    }
}
