using System.Numerics;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>
/// Transactions as messages of Filecoin. A delegated signature holds the kind of the transaction: 65 bytes r, s, v for type 2; behind a byte 1
/// (without chain ID) or 2 (EIP-155) for legacy ones, the latter's v in as many bytes as it takes.
/// </content>
internal sealed partial record EthTransaction
{
    private const int RsLength = 2 * EthHash.Length;
    private const byte HomesteadMark = 1;
    private const byte ProtectedMark = 2;

    /// <summary>EAM's CreateExternal, which creates a contract.</summary>
    public static readonly MethodNumber CreateExternal = new(4);

    /// <summary>InvokeEVM, by the hash of its name (FRC-42): a call of a contract.</summary>
    public static readonly MethodNumber InvokeContract = new(3_844_450_837);

    /// <summary>The parameters of a message with some input: none, or one byte string in CBOR.</summary>
    public static byte[] EncodeParams(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return [];
        }

        CborWriter writer = new(input.Length + 9);
        writer.WriteBytes(input);
        return writer.ToArray();
    }

    /// <summary>The transaction that a message is, with its delegated signature.</summary>
    /// <exception cref="EthereumException">The message and its signature are none of a transaction.</exception>
    public static EthTransaction FromMessage(Message message, ChainSignature signature, ulong chainId)
    {
        if (signature.Kind != ChainSignatureKind.Delegated)
        {
            throw new EthereumException("a message with another signature than a delegated one is no transaction");
        }

        if (message.Version != 0)
        {
            throw new EthereumException($"a message of version {message.Version} is no transaction");
        }

        EthTransaction transaction = ReadSignature(signature.Data.Span, chainId) with
        {
            Nonce = message.Sequence,
            To = ReceiverOf(message),
            Value = message.Value,
            Input = InputOf(message.Params.Span),
            GasLimit = message.GasLimit,
            MaxFeePerGas = message.GasFeeCap,
            MaxPriorityFeePerGas = message.GasPremium,
        };
        return transaction.Kind == EthTransactionKind.DynamicFee || message.GasFeeCap == message.GasPremium
            ? transaction
            : throw new EthereumException("a legacy transaction has one gas price, this message a fee cap and another premium");
    }

    /// <summary>The transaction of type 2 that a message is; not signed.</summary>
    /// <exception cref="EthereumException">The message is no transaction.</exception>
    public static EthTransaction OfMessage(Message message, ulong chainId) =>
        FromMessage(message, new ChainSignature(ChainSignatureKind.Delegated, new byte[RsLength + 1]), chainId);

    /// <summary>The unsigned message.</summary>
    public Message ToMessage(EthAddress sender) => new()
    {
        From = sender.ToFilecoin(),
        To = To is EthAddress to ? to.ToFilecoin() : Address.NewId(ActorId.EthereumAddressManager),
        Sequence = Nonce,
        Value = Value,
        Method = To is null ? CreateExternal : InvokeContract,
        Params = EncodeParams(Input.Span),
        GasLimit = GasLimit,
        GasFeeCap = MaxFeePerGas,
        GasPremium = MaxPriorityFeePerGas,
    };

    /// <summary>The delegated signature.</summary>
    public ChainSignature ToSignature()
    {
        byte[] v = Kind == EthTransactionKind.Protected ? new BigInteger(V).ToByteArray(isUnsigned: true, isBigEndian: true) : [(byte)V];
        int start = Kind == EthTransactionKind.DynamicFee ? 0 : 1;
        byte[] bytes = new byte[start + RsLength + v.Length];
        bytes[0] = Kind == EthTransactionKind.Homestead ? HomesteadMark : ProtectedMark;
        WriteRs(bytes.AsSpan(start));
        v.CopyTo(bytes, start + RsLength);
        return new ChainSignature(ChainSignatureKind.Delegated, bytes);
    }

    private static EthTransaction ReadSignature(ReadOnlySpan<byte> bytes, ulong chainId)
    {
        EthTransactionKind kind = bytes.Length switch
        {
            RsLength + 1 => EthTransactionKind.DynamicFee,
            > RsLength + 1 when bytes[0] == HomesteadMark => EthTransactionKind.Homestead,
            > RsLength + 1 when bytes[0] == ProtectedMark => EthTransactionKind.Protected,
            _ => throw new EthereumException($"a delegated signature of {bytes.Length} bytes is of no transaction"),
        };
        bytes = bytes[(kind == EthTransactionKind.DynamicFee ? 0 : 1)..];
        BigInteger v = Number(bytes[RsLength..]);
        ulong first = FirstV(kind, chainId);
        return v == first || v == first + 1UL
            ? new EthTransaction
            {
                Kind = kind,
                ChainId = chainId,
                V = (ulong)v,
                R = Number(bytes[..EthHash.Length]),
                S = Number(bytes[EthHash.Length..RsLength]),
            }
            : throw new EthereumException($"a delegated signature with v {v} is of no transaction on chain {chainId}");

        static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static EthAddress? ReceiverOf(Message message)
    {
        if (message.To == Address.NewId(ActorId.EthereumAddressManager))
        {
            return message.Method == CreateExternal
                ? null
                : throw new EthereumException($"a message to the EAM with method {message.Method} is no transaction");
        }

        return EthAddress.TryOf(message.To, out EthAddress to) && message.Method == InvokeContract
            ? to
            : throw new EthereumException($"a message to {message.To} with method {message.Method} is no transaction");
    }

    private static byte[] InputOf(ReadOnlySpan<byte> parameters)
    {
        if (parameters.IsEmpty)
        {
            return [];
        }

        try
        {
            CborReader reader = new(parameters, CborRules.Canonical);
            byte[] input = reader.ReadBytes().ToArray();
            reader.EnsureEnd();
            return input.Length > 0 ? input : throw new EthereumException("a transaction without input has no parameters, not empty ones");
        }
        catch (CborException e)
        {
            throw new EthereumException($"the parameters are not the input of a transaction: {e.Message}");
        }
    }
}
