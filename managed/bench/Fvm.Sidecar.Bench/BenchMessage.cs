using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;

namespace Fvm.Sidecar.Bench;

/// <summary>A message with its recorded result.</summary>
internal sealed class BenchMessage(VectorMessage message, ExpectedReceipt receipt)
{
    public byte[] Bytes => message.Bytes;

    public ulong Length { get; } = (ulong)(message.RawLength ?? RawLengths.Of(Message.Decode(message.Bytes), message.Bytes.Length));

    public bool IsImplicit => message.Implicit;

    public MessageInput Input => new()
    {
        Message = UnsafeByteOperations.UnsafeWrap(message.Bytes),
        ChainLength = Length,
        Kind = message.Implicit ? Protocol.V1.ApplyKind.Implicit : Protocol.V1.ApplyKind.Explicit,
    };

    /// <summary>Whether a result has the recorded exit code and gas.</summary>
    public bool Has(ulong exitCode, ulong gas) => exitCode == receipt.ExitCode && gas == receipt.GasUsed;
}
