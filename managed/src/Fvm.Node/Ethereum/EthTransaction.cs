using System.Numerics;
using Fvm.Crypto;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>
/// A signed transaction of Ethereum, as Lotus accepts it (<c>chain/types/ethtypes</c>). Its conversions: <c>EthTransaction.Rlp.cs</c> and
/// <c>EthTransaction.Message.cs</c>.
/// </summary>
internal sealed partial record EthTransaction
{
    /// <summary>The largest chain ID, so that V of EIP-155 fits in 64 bits.</summary>
    public const ulong MaxChainId = (ulong.MaxValue - FirstProtectedV - 1) / 2;

    private const ulong FirstHomesteadV = 27;
    private const ulong FirstProtectedV = 35;

    public required EthTransactionKind Kind { get; init; }

    /// <summary>The network's, also for transactions that do not name it.</summary>
    public required ulong ChainId { get; init; }

    public ulong Nonce { get; init; }

    /// <summary>The receiver; null for the creation of a contract.</summary>
    public EthAddress? To { get; init; }

    public TokenAmount Value { get; init; }

    public ReadOnlyMemory<byte> Input { get; init; }

    public ulong GasLimit { get; init; }

    /// <summary>In legacy transactions, the gas price.</summary>
    public TokenAmount MaxFeePerGas { get; init; }

    /// <summary>In legacy transactions, the gas price.</summary>
    public TokenAmount MaxPriorityFeePerGas { get; init; }

    /// <summary>The parity of the nonce point, in the form of the kind.</summary>
    public ulong V { get; init; }

    public BigInteger R { get; init; }

    public BigInteger S { get; init; }

    /// <summary>The type number of EIP-2718.</summary>
    public int Type => Kind == EthTransactionKind.DynamicFee ? 2 : 0;

    /// <summary>0 or 1.</summary>
    public byte Parity => (byte)(V - FirstV(Kind, ChainId));

    /// <summary>The hash of the signed transaction, its name on Ethereum.</summary>
    public EthHash Hash => new(Keccak256.Hash(EncodeSigned()));

    /// <summary>The address whose key has signed the transaction.</summary>
    /// <exception cref="EthereumException">The signature is of no key.</exception>
    public EthAddress RecoverSender()
    {
        byte[] signature = new byte[Secp256k1.SignatureSize];
        WriteRs(signature);
        signature[^1] = Parity;
        Span<byte> key = stackalloc byte[Secp256k1.PublicKeySize];
        return Secp256k1.TryRecover(Keccak256.Hash(EncodeUnsigned()), signature, key)
            ? EthAddress.OfPublicKey(key)
            : throw new EthereumException("invalid sender: no key has made this signature");
    }

    /// <summary>The transaction with a key's signature in place of its own.</summary>
    public EthTransaction Sign(EthKey key)
    {
        byte[] signature = key.Sign(Keccak256.Hash(EncodeUnsigned()));
        return this with
        {
            R = new BigInteger(signature.AsSpan(0, EthHash.Length), isUnsigned: true, isBigEndian: true),
            S = new BigInteger(signature.AsSpan(EthHash.Length, EthHash.Length), isUnsigned: true, isBigEndian: true),
            V = FirstV(Kind, ChainId) + signature[^1],
        };
    }

    private static ulong FirstV(EthTransactionKind kind, ulong chainId) => kind switch
    {
        EthTransactionKind.DynamicFee => 0,
        EthTransactionKind.Homestead => FirstHomesteadV,
        _ => FirstProtectedV + (2 * chainId),
    };

    private void WriteRs(Span<byte> destination)
    {
        WriteNumber(R, destination[..EthHash.Length]);
        WriteNumber(S, destination.Slice(EthHash.Length, EthHash.Length));
    }

    private static void WriteNumber(in BigInteger value, Span<byte> destination)
    {
        destination.Clear();
        int length = value.GetByteCount(isUnsigned: true);
        _ = value.TryWriteBytes(destination[(destination.Length - length)..], out _, isUnsigned: true, isBigEndian: true);
    }
}
