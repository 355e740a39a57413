using Fvm.Chain;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>A key of an account on Filecoin: it signs in the way of its address.</summary>
internal sealed class AccountKey
{
    private readonly EthKey? _secp;
    private readonly BlsSecretKey? _bls;

    private AccountKey(Address address, EthKey? secp, BlsSecretKey? bls)
    {
        Address = address;
        _secp = secp;
        _bls = bls;
    }

    /// <summary>The address: f1, f3 or f410.</summary>
    public Address Address { get; }

    /// <summary>The name of its kind, as Lotus has it.</summary>
    public string Kind => Address.Protocol switch
    {
        AddressProtocol.Bls => "bls",
        AddressProtocol.Secp256k1 => "secp256k1",
        _ => "delegated",
    };

    /// <summary>A key on secp256k1, with its f1 address.</summary>
    public static AccountKey OfSecp256k1(EthKey key) => new(key.Secp256k1Address, key, bls: null);

    /// <summary>A key on secp256k1, with its address of Ethereum.</summary>
    public static AccountKey OfEthereum(EthKey key) => new(key.EthAddress.ToFilecoin(), key, bls: null);

    /// <summary>A BLS key.</summary>
    public static AccountKey OfBls(BlsSecretKey key) => new(Address.NewBls(key.PublicKey), secp: null, key);

    /// <summary>The key of the owner and worker of the genesis's miner: the number one.</summary>
    public static AccountKey OfMiner()
    {
        byte[] one = new byte[BlsSecretKey.Size];
        one[^1] = 1;
        return OfBls(BlsSecretKey.Create(one));
    }

    /// <summary>The private key as Lotus exports it: BLS keys in little-endian order.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = _secp?.ToBytes() ?? _bls!.ToBytes();
        if (_bls is not null)
        {
            Array.Reverse(bytes);
        }

        return bytes;
    }

    /// <summary>Signs bytes.</summary>
    public ChainSignature Sign(byte[] bytes)
    {
        if (_bls is not null)
        {
            return new ChainSignature(ChainSignatureKind.Bls, _bls.Sign(bytes));
        }

        if (Address.Protocol == AddressProtocol.Delegated)
        {
            return new ChainSignature(ChainSignatureKind.Delegated, _secp!.Sign(Keccak256.Hash(bytes)));
        }

        byte[] hash = new byte[Blake2b.Size256];
        Blake2b.Hash256(bytes, hash);
        return new ChainSignature(ChainSignatureKind.Secp256k1, _secp!.Sign(hash));
    }

    /// <summary>Signs a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="chainId">The chain ID, which the signature of a transaction covers.</param>
    /// <exception cref="EthereumException">The message is no transaction, which is all that a key of Ethereum signs.</exception>
    public ChainSignature Sign(Message message, ulong chainId) => Address.Protocol == AddressProtocol.Delegated
        ? EthTransaction.OfMessage(message, chainId).Sign(_secp!).ToSignature()
        : Sign(Cid.Blake2b256(Multicodec.DagCbor, message.Encode()).ToBytes());
}
