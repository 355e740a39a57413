using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>Applies a message: everything that needs a large stack, from decoding it to encoding its trace.</summary>
/// <param name="machine">The machine.</param>
/// <param name="message">The message, in CBOR.</param>
/// <param name="length">The on-chain length, in bytes.</param>
/// <param name="kind">Explicit or implicit.</param>
internal sealed class MessageWork(NativeMachine machine, ReadOnlySpan<byte> message, ulong length, ApplyKind kind) : LaneWork
{
    private readonly byte[] _message = message.ToArray();
    private ApplyRet? _result;

    /// <summary>The result, once the work is done.</summary>
    public ApplyRet Result => _result ?? throw new InvalidOperationException("the message was not applied");

    /// <summary>The trace, in CBOR; null if there is none.</summary>
    public byte[]? Trace { get; private set; }

    /// <inheritdoc/>
    protected override void Run()
    {
        Message decoded = Message.Decode(_message);

        // From there on the cost is the maximum of gas.
        long rawLength = (long)Math.Min(length, long.MaxValue);
        _result = machine.Run(executor => executor.Execute(decoded, kind, rawLength));
        if (_result.Trace is ExecutionTrace { Count: > 0 } trace)
        {
            Trace = TraceCborWriter.Encode(trace);
        }
    }
}
