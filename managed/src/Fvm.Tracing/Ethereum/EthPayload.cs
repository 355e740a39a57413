using System.Buffers.Binary;
using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>The data of calls in Ethereum's forms.</summary>
internal static class EthPayload
{
    private const int Word = 32;

    // The selector of handle_filecoin_method(uint64,uint64,bytes), by which contracts receive calls of other methods (FIP-0054).
    private static ReadOnlySpan<byte> NativeSelector => [0x86, 0x8e, 0x10, 0xc4];

    /// <summary>The bytes of a contract's input or output: the content of a CBOR byte string, or raw bytes; none for no block.</summary>
    public static bool TryUnwrap(IpldBlock? block, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        switch (block?.Codec)
        {
            case null or 0:
                return true;
            case Multicodec.Raw:
                bytes = block.Data;
                return true;
            case Multicodec.DagCbor or Multicodec.Cbor:
                return TryReadBytes(block.Data, out bytes);
            default:
                return false;
        }
    }

    /// <summary>A byte string in a CBOR tuple.</summary>
    /// <param name="block">The tuple.</param>
    /// <param name="count">Its number of fields.</param>
    /// <param name="at">The index of the byte string.</param>
    /// <param name="bytes">Its content.</param>
    public static bool TryReadField(IpldBlock? block, int count, int at, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (block?.Codec is not (Multicodec.DagCbor or Multicodec.Cbor))
        {
            return false;
        }

        try
        {
            CborReader reader = new(block.Data.Span, CborRules.Untyped);
            reader.ReadArrayHeader(count);
            for (int field = 0; field < at; field++)
            {
                reader.Skip();
            }

            int length = reader.ReadBytes().Length;
            bytes = block.Data[(reader.Offset - length)..reader.Offset];
            return true;
        }
        catch (CborException)
        {
            return false;
        }
    }

    /// <summary>The input of a call that is not a contract's: as a contract would receive it.</summary>
    public static byte[] OfNativeCall(MethodNumber method, IpldBlock? block) => [.. NativeSelector, .. Abi(method.Value, block)];

    /// <summary>The output of a call that is not a contract's.</summary>
    public static byte[] OfNativeReturn(ExitCode exitCode, IpldBlock? block) => Abi(exitCode.Value, block);

    // A number, the codec, and the bytes: three words, then the length, then the bytes in whole words.
    private static byte[] Abi(ulong first, IpldBlock? block)
    {
        ReadOnlySpan<byte> data = block is null ? default : block.Data.Span;
        byte[] words = new byte[(4 + ((data.Length + Word - 1) / Word)) * Word];
        Write(words, 0, first);
        Write(words, 1, block?.Codec ?? 0);
        Write(words, 2, 3 * Word);
        Write(words, 3, (ulong)data.Length);
        data.CopyTo(words.AsSpan(4 * Word));
        return words;
    }

    private static void Write(byte[] words, int word, ulong number) =>
        BinaryPrimitives.WriteUInt64BigEndian(words.AsSpan(((word + 1) * Word) - sizeof(ulong)), number);

    private static bool TryReadBytes(ReadOnlyMemory<byte> data, out ReadOnlyMemory<byte> bytes)
    {
        CborReader reader = CborReader.Noting(data.Span);
        reader.Rules = CborRules.Untyped;
        int length = reader.ReadBytes().Length;
        bytes = reader.Fault is null ? data[(reader.Offset - length)..reader.Offset] : default;
        return reader.Fault is null;
    }
}
