using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Geth's default trace: the opcodes, each with what was there before it.</summary>
internal static class StructLogTrace
{
    /// <summary>Runs the contracts' programs again, first to compare them with the real run, then to write them.</summary>
    /// <exception cref="OpcodeReplayException">They differ from the real run, or are too large.</exception>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public static void Write(Utf8JsonWriter json, TracedTransaction transaction, GethTraceOptions options)
    {
        PrecompileRunner precompiles = new(transaction);
        MessageReplay.Run(transaction, precompiles, sink: null);

        bool failed = !transaction.Result.Receipt.ExitCode.IsSuccess;
        json.WriteStartObject();
        json.WriteNumber("gas", transaction.Result.Receipt.GasUsed);
        json.WriteBoolean("failed", failed);
        json.WriteString("returnValue", EthHex.Of(ReturnOf(transaction).Span));
        json.WriteStartArray("structLogs");
        MessageReplay.Run(transaction, precompiles, new StructLogWriter(json, options));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Of a creation: the code.
    private static ReadOnlyMemory<byte> ReturnOf(TracedTransaction transaction)
    {
        if (transaction.Outermost is not EthFrame frame) return default;

        return frame.IsCreation && frame.Error is null && frame.To is EthAddress created ? transaction.After.CodeOf(created) : frame.Output;
    }
}
