using System.Globalization;
using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Writes steps in Geth's form (execution-apis: src/schemas/opcode-tracer.yaml): what is asked for is in each step, empty or not.</summary>
/// <param name="json">The writer, in a list.</param>
/// <param name="options">What is written of each step.</param>
internal sealed class StructLogWriter(Utf8JsonWriter json, GethTraceOptions options) : StepSink
{
    /// <summary>What an answer may have, in bytes.</summary>
    public const long MaxBytes = 64 << 20;

    private const string Prefix = "0x";
    private const int WordDigits = 2 * EthWord.Length;

    private readonly long _start = json.BytesCommitted + json.BytesPending;
    private long _steps;

    // Behind the limit, steps are left out, as Geth does.
    private bool IsFull => options.Limit > 0 && _steps > options.Limit;

    public override void Begin(EvmRun frame, byte opcode)
    {
        _steps++;
        if (IsFull) return;

        if (json.BytesCommitted + json.BytesPending - _start > MaxBytes)
        {
            throw new OpcodeReplayException(
                $"the log is longer than {MaxBytes >> 20} MiB after {_steps} steps: give a limit, or disableStack, or no enableMemory");
        }

        json.WriteStartObject();
        json.WriteNumber("pc", frame.Pc);
        json.WriteString("op", EvmOpcodes.NameOf(opcode));
        json.WriteNumber("gas", frame.GasLeft);
        json.WriteNumber("depth", frame.Frame.Depth);
        if (!options.DisableStack)
        {
            WriteStack(frame.Stack.Words);
        }

        if (options.EnableMemory)
        {
            WriteMemory(frame.Memory.Bytes);
        }

        if (options.EnableReturnData)
        {
            json.WriteString("returnData", EthHex.Of(frame.Returned.Span));
        }
    }

    public override void End(EvmRun frame, ulong cost, string? error)
    {
        if (IsFull) return;

        json.WriteNumber("gasCost", cost);
        if (!options.DisableStorage && frame.Slots is SortedDictionary<EthWord, EthWord> slots)
        {
            json.WriteStartObject("storage");
            foreach ((EthWord key, EthWord value) in slots)
            {
                json.WriteString($"{key}", $"{value}");
            }

            json.WriteEndObject();
        }

        if (error is not null)
        {
            json.WriteString("error", error);
        }

        json.WriteEndObject();
    }

    private void WriteStack(ReadOnlySpan<EthWord> words)
    {
        json.WriteStartArray("stack");
        Span<char> text = stackalloc char[Prefix.Length + WordDigits];
        Prefix.CopyTo(text);
        foreach (EthWord word in words)
        {
            int length = Prefix.Length;
            if (word.High != 0)
            {
                _ = word.High.TryFormat(text[length..], out int high, "x", CultureInfo.InvariantCulture);
                _ = word.Low.TryFormat(text[(length + high)..], out int low, "x32", CultureInfo.InvariantCulture);
                length += high + low;
            }
            else
            {
                _ = word.Low.TryFormat(text[length..], out int low, "x", CultureInfo.InvariantCulture);
                length += low;
            }

            json.WriteStringValue(text[..length]);
        }

        json.WriteEndArray();
    }

    private void WriteMemory(ReadOnlySpan<byte> memory)
    {
        json.WriteStartArray("memory");
        Span<char> text = stackalloc char[Prefix.Length + WordDigits];
        Prefix.CopyTo(text);
        for (int at = 0; at < memory.Length; at += EthWord.Length)
        {
            _ = Convert.TryToHexStringLower(memory.Slice(at, EthWord.Length), text[Prefix.Length..], out _);
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
