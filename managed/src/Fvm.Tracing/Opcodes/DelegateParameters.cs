using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>The parameters with which a contract runs other code for itself.</summary>
/// <param name="Code">The code's CID.</param>
/// <param name="Input">The input.</param>
/// <param name="Caller">The caller that the code sees.</param>
/// <param name="Value">The value that it sees.</param>
internal sealed record DelegateParameters(Cid Code, ReadOnlyMemory<byte> Input, EthAddress Caller, EthWord Value)
{
    /// <summary>Reads them; null if there are none.</summary>
    public static DelegateParameters? Read(IpldBlock? block)
    {
        if (block is null || !EthPayload.TryReadField(block, count: 4, at: 1, out ReadOnlyMemory<byte> input)) return null;

        CborReader reader = CborReader.Noting(block.Data.Span);
        reader.ReadArrayHeader(4);
        Cid code = reader.ReadCid();
        _ = reader.ReadBytes();
        ReadOnlySpan<byte> caller = reader.ReadBytes();

        // A sign, and the magnitude; nothing for zero.
        ReadOnlySpan<byte> value = reader.ReadBytes();
        return reader.Fault is not null || caller.Length != EthAddress.Length || value.Length > EthWord.Length + 1
            ? null
            : new DelegateParameters(code, input, new EthAddress(caller), value.Length == 0 ? default : EthWord.Of(value[1..]));
    }
}
