using System.Numerics;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>The encoding of transactions.</content>
internal sealed partial record EthTransaction
{
    private const byte DynamicFeeType = 2;
    private const byte FirstLegacyByte = 0xc0;
    private const int DynamicFeeFields = 12;
    private const int LegacyFields = 9;

    /// <summary>Decodes a signed transaction, which must span all of <paramref name="bytes"/>.</summary>
    /// <exception cref="EthereumException">It is malformed, of another chain, or of a kind that Filecoin does not accept.</exception>
    public static EthTransaction Decode(ReadOnlySpan<byte> bytes, ulong chainId)
    {
        if (bytes.IsEmpty)
        {
            throw new EthereumException("a transaction is missing: its bytes are empty");
        }

        return bytes[0] switch
        {
            DynamicFeeType => DecodeDynamicFee(Fields(bytes[1..], DynamicFeeFields), chainId),
            >= FirstLegacyByte => DecodeLegacy(Fields(bytes, LegacyFields), chainId),
            1 => throw NotSupported("type 1 (EIP-2930, access lists)"),
            3 => throw NotSupported("type 3 (EIP-4844, blobs)"),
            4 => throw NotSupported("type 4 (EIP-7702, delegations)"),
            _ => throw new EthereumException($"a transaction begins with 2 or an RLP list, not with 0x{bytes[0]:x2}"),
        };

        static EthereumException NotSupported(string type) =>
            new($"transaction type not supported: Filecoin has no transactions of {type}; send one of type 2 or a legacy one");
    }

    /// <summary>The signed transaction.</summary>
    public byte[] EncodeSigned()
    {
        RlpWriter fields = WriteFields();
        fields.Write(V);
        fields.Write(R);
        fields.Write(S);
        return ToBytes(fields);
    }

    /// <summary>What is signed: the transaction without its signature.</summary>
    public byte[] EncodeUnsigned()
    {
        RlpWriter fields = WriteFields();
        if (Kind == EthTransactionKind.Protected)
        {
            fields.Write(ChainId);
            fields.Write(0UL);
            fields.Write(0UL);
        }

        return ToBytes(fields);
    }

    private static RlpReader Fields(ReadOnlySpan<byte> bytes, int count)
    {
        RlpReader reader = new(bytes);
        RlpReader fields = reader.ReadList("the transaction");
        int found = fields.Count();
        if (!reader.IsAtEnd)
        {
            throw new EthereumException("RLP: there are more bytes behind the transaction");
        }

        return found == count ? fields : throw new EthereumException($"a signed transaction has {count} fields, this one {found}");
    }

    private static EthTransaction DecodeDynamicFee(RlpReader fields, ulong chainId)
    {
        ulong named = fields.ReadUInt63("chainId");
        RequireChain(named, chainId);
        EthTransaction transaction = new()
        {
            Kind = EthTransactionKind.DynamicFee,
            ChainId = chainId,
            Nonce = fields.ReadUInt63("nonce"),
            MaxPriorityFeePerGas = ReadAmount(ref fields, "maxPriorityFeePerGas"),
            MaxFeePerGas = ReadAmount(ref fields, "maxFeePerGas"),
            GasLimit = fields.ReadUInt63("gasLimit"),
            To = ReadReceiver(ref fields),
            Value = ReadAmount(ref fields, "value"),
            Input = fields.ReadBytes("data").ToArray(),
        };
        if (!fields.IsAtList || !fields.ReadList("accessList").IsAtEnd)
        {
            throw new EthereumException("transaction type not supported: Filecoin has no access lists; send an empty one");
        }

        ulong v = fields.ReadUInt63("v");
        return v <= 1
            ? ReadRs(transaction with { V = v }, ref fields)
            : throw new EthereumException($"the v of a transaction of type 2 is 0 or 1, not {v}");
    }

    private static EthTransaction DecodeLegacy(RlpReader fields, ulong chainId)
    {
        EthTransaction transaction = new()
        {
            Kind = EthTransactionKind.Homestead,
            ChainId = chainId,
            Nonce = fields.ReadUInt63("nonce"),
            MaxFeePerGas = ReadAmount(ref fields, "gasPrice"),
            GasLimit = fields.ReadUInt63("gasLimit"),
            To = ReadReceiver(ref fields),
            Value = ReadAmount(ref fields, "value"),
            Input = fields.ReadBytes("data").ToArray(),
        };
        BigInteger v = fields.ReadUInt256("v");
        bool isHomestead = v >= FirstHomesteadV && v <= FirstHomesteadV + 1;
        if (!isHomestead)
        {
            if (v < FirstProtectedV)
            {
                throw new EthereumException($"the v of a legacy transaction is 27, 28, or 35 and more, not {v}");
            }

            RequireChain((v - FirstProtectedV) / 2, chainId);
        }

        return ReadRs(
            transaction with
            {
                Kind = isHomestead ? EthTransactionKind.Homestead : EthTransactionKind.Protected,
                MaxPriorityFeePerGas = transaction.MaxFeePerGas,
                V = (ulong)v,
            },
            ref fields);
    }

    private static EthTransaction ReadRs(EthTransaction transaction, ref RlpReader fields) => transaction with
    {
        R = fields.ReadUInt256("r"),
        S = fields.ReadUInt256("s"),
    };

    private static void RequireChain(in BigInteger found, ulong chainId)
    {
        if (found != chainId)
        {
            throw new EthereumException($"invalid chain id for signer: have {found} want {chainId}");
        }
    }

    private static TokenAmount ReadAmount(ref RlpReader fields, string name) => TokenAmount.FromAtto(fields.ReadUInt256(name));

    private static EthAddress? ReadReceiver(ref RlpReader fields)
    {
        ReadOnlySpan<byte> bytes = fields.ReadBytes("to");
        return bytes.Length switch
        {
            0 => null,
            EthAddress.Length => new EthAddress(bytes),
            _ => throw new EthereumException($"RLP: to has {bytes.Length} bytes instead of {EthAddress.Length}"),
        };
    }

    private RlpWriter WriteFields()
    {
        RlpWriter fields = new();
        if (Kind == EthTransactionKind.DynamicFee)
        {
            fields.Write(ChainId);
        }

        fields.Write(Nonce);
        if (Kind == EthTransactionKind.DynamicFee)
        {
            fields.Write(MaxPriorityFeePerGas.Atto);
        }

        fields.Write(MaxFeePerGas.Atto);
        fields.Write(GasLimit);
        fields.Write(To is EthAddress to ? to.ToBytes() : []);
        fields.Write(Value.Atto);
        fields.Write(Input.Span);
        if (Kind == EthTransactionKind.DynamicFee)
        {
            fields.WriteEmptyList();
        }

        return fields;
    }

    private byte[] ToBytes(RlpWriter fields) => Kind == EthTransactionKind.DynamicFee ? fields.ToList(DynamicFeeType) : fields.ToList();
}
