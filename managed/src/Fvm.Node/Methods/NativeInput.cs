using System.Buffers.Binary;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The input of a native message as Lotus shows it: a call of <c>handle_filecoin_method(uint64, uint64, bytes)</c>.</summary>
internal static class NativeInput
{
    private const int Word = 32;

    /// <summary>The input.</summary>
    public static byte[] Of(Message message)
    {
        if (message.Method == EthTransaction.InvokeContract)
        {
            return MessageResults.ReturnOf(message.Params.Span);
        }

        ReadOnlySpan<byte> selector = [0x86, 0x8e, 0x10, 0xc4];
        int padded = (message.Params.Length + Word - 1) / Word * Word;
        byte[] input = new byte[selector.Length + (4 * Word) + padded];
        selector.CopyTo(input);
        Span<byte> words = input.AsSpan(selector.Length);
        WriteNumber(words, 0, message.Method.Value);
        WriteNumber(words, 1, message.Params.IsEmpty ? 0 : Multicodec.Cbor);
        WriteNumber(words, 2, 3 * Word);
        WriteNumber(words, 3, (ulong)message.Params.Length);
        message.Params.Span.CopyTo(words[(4 * Word)..]);
        return input;
    }

    private static void WriteNumber(Span<byte> words, int index, ulong number) =>
        BinaryPrimitives.WriteUInt64BigEndian(words[(((index + 1) * Word) - sizeof(ulong))..], number);
}
