using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>What a contract returns from handle_filecoin_method: an exit code, a codec, and bytes, as Solidity's ABI has them.</summary>
internal static class NativeReturn
{
    /// <summary>Reads it as the EVM actor does.</summary>
    /// <returns>The exit code, and the block that the actor returns.</returns>
    public static (uint ExitCode, IpldBlock? Block) Read(ReadOnlyMemory<byte> output)
    {
        if (output.IsEmpty) return (0, null);

        EvmReader reader = new(output);
        if (!reader.TryReadUInt32(out uint exit) || !reader.TryReadUInt64(out ulong codec) || !reader.TryReadUInt32(out uint at))
        {
            return (EvmFault.Serialization, null);
        }

        reader.Seek(at);
        if (!reader.TryReadBytes(out byte[] bytes)) return (EvmFault.Serialization, null);

        return codec switch
        {
            0 when bytes.Length == 0 => (exit, null),
            Multicodec.Cbor => (exit, new IpldBlock(codec, bytes)),
            _ => (EvmFault.Serialization, null),
        };
    }
}
