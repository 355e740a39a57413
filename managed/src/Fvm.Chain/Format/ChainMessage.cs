using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>A message of a block.</summary>
/// <param name="Message">The message.</param>
/// <param name="Cid">The CID of the block that contains it: of a signed message, with its signature.</param>
/// <param name="UnsignedCid">The CID of the message without a signature, by which repeated messages are recognised.</param>
/// <param name="ChainLength">The length in bytes on the chain, which is charged for.</param>
/// <param name="Signature">The signature; null if it is in the block's BLS aggregate.</param>
public sealed record ChainMessage(Message Message, Cid Cid, Cid UnsignedCid, int ChainLength, ChainSignature? Signature)
{
    /// <summary>A message as a block has it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="signature">The signature; null if it is in the block's BLS aggregate.</param>
    /// <exception cref="MessageException">An amount is too large to be encoded.</exception>
    public static ChainMessage Create(Message message, ChainSignature? signature)
    {
        byte[] unsigned = message.Encode();
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, unsigned);
        if (signature is null)
        {
            return new ChainMessage(message, cid, cid, unsigned.Length, Signature: null);
        }

        byte[] signed = EncodeSigned(unsigned, signature);
        return new ChainMessage(message, Cid.Blake2b256(Multicodec.DagCbor, signed), cid, signed.Length, signature);
    }

    /// <summary>The message in CBOR, with its signature if it has one.</summary>
    public byte[] Encode() => Signature is null ? Message.Encode() : EncodeSigned(Message.Encode(), Signature);

    /// <summary>Decodes a message whose signature is in the block's aggregate.</summary>
    /// <exception cref="MessageException">The bytes are not a message.</exception>
    public static ChainMessage DecodeUnsigned(in Cid cid, ReadOnlySpan<byte> bytes) =>
        new(Message.Decode(bytes), cid, cid, bytes.Length, Signature: null);

    /// <summary>Decodes a message with its signature: a list of the two.</summary>
    /// <exception cref="MessageException">The bytes are not a message.</exception>
    /// <exception cref="CborException">The bytes are not a signed message.</exception>
    public static ChainMessage DecodeSigned(in Cid cid, ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(2);
        ReadOnlySpan<byte> unsigned = reader.ReadRaw();
        Message message = Message.Decode(unsigned);
        ChainSignature signature = ChainCbor.ReadSignature(ref reader);
        reader.EnsureEnd();

        // A BLS signature is not on the chain: it is in the aggregate.
        int length = signature.Kind == ChainSignatureKind.Bls ? unsigned.Length : bytes.Length;
        return new ChainMessage(message, cid, Cid.Blake2b256(Multicodec.DagCbor, unsigned), length, signature);
    }

    private static byte[] EncodeSigned(ReadOnlySpan<byte> unsigned, ChainSignature signature)
    {
        CborWriter writer = new(unsigned.Length + 128);
        writer.WriteArrayHeader(2);
        writer.WriteRaw(unsigned);
        ChainCbor.WriteSignature(writer, signature);
        return writer.ToArray();
    }
}
