using System.Globalization;
using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Geth's 4byteTracer: for each function, and the size of its arguments, how often it was called.</summary>
internal static class FourByteTrace
{
    private const int Selector = 4;

    public static void Write(Utf8JsonWriter json, EthFrame? outermost)
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        Stack<EthFrame> left = new();
        if (outermost is not null)
        {
            left.Push(outermost);
        }

        while (left.TryPop(out EthFrame? frame))
        {
            if (!frame.IsCreation && frame.Input.Length >= Selector)
            {
                string name = string.Create(
                    CultureInfo.InvariantCulture, $"{EthHex.Of(frame.Input.Span[..Selector])}-{frame.Input.Length - Selector}");
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }

            foreach (EthFrame inner in frame.Frames)
            {
                left.Push(inner);
            }
        }

        json.WriteStartObject();
        foreach ((string name, int count) in counts)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
    }
}
