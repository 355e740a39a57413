using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>Finds the blocks that clients of Filecoin name.</summary>
/// <param name="chain">The chain.</param>
internal sealed class TipsetLookup(LocalChain chain)
{
    /// <summary>The block of a tipset's key; the head for none.</summary>
    /// <exception cref="RpcException">There is no such tipset.</exception>
    public LocalBlock Find(RpcValue value)
    {
        Cid[] key = value.Key();
        return key.Length == 0
            ? chain.Head
            : FindKey(key) ?? throw Failure($"tipset {string.Join(',', key)} not found: it is not part of this node's chain");
    }

    /// <summary>The block of a header's CID.</summary>
    /// <exception cref="RpcException">There is none.</exception>
    public LocalBlock FindHeader(RpcValue value)
    {
        Cid cid = value.Cid();
        return FindKey([cid]) ?? throw Failure($"block {cid} not found: it is not part of this node's chain");
    }

    /// <summary>The block at an epoch of the chain that ends in another block; for a null round the one before or behind it.</summary>
    /// <exception cref="RpcException">The epoch is beyond the end.</exception>
    public LocalBlock AtEpoch(LocalBlock end, ulong epoch, bool before)
    {
        if (epoch > end.Number)
        {
            throw Failure($"looking for tipset with height greater than start point, req: {epoch}, head: {end.Number}");
        }

        LocalBlock found = chain.AtOrBefore(epoch);
        return found.Number == epoch || before ? found : chain.After(found) ?? end;
    }

    /// <summary>A message of a CID, signed or not, that waits for a block; null if there is none.</summary>
    public PoolMessage? FindWaiting(Cid cid) =>
        chain.Pool.All().FirstOrDefault(message => message.Message.Cid == cid || message.Message.UnsignedCid == cid);

    /// <summary>The message of a CID, signed or not, in a block; null if there is none.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindMessage(Cid cid) =>
        FindMessage(cid, chain.FindMessage, () => chain.FindObject(in cid));

    /// <summary>The same, but not from before the fork; asks no other node.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindOwnMessage(Cid cid) =>
        FindMessage(cid, chain.FindOwnMessage, () => chain.FindOwnObject(in cid));

    private (LocalBlock Block, LocalMessage Message)? FindMessage(
        Cid cid, Func<EthHash, (LocalBlock Block, LocalMessage Message)?> find, Func<byte[]?> read)
    {
        if (cid.Digest.Length != EthHash.Length)
        {
            return null;
        }

        return find(EthHash.OfCid(cid)) ?? (read() is byte[] bytes && HashOfTransaction(cid, bytes) is EthHash hash ? find(hash) : null);
    }

    // Null if the CID's object is no transaction.
    private EthHash? HashOfTransaction(in Cid cid, byte[] bytes)
    {
        try
        {
            return ChainMessage.DecodeSigned(cid, bytes) is { Signature: ChainSignature { Kind: ChainSignatureKind.Delegated } signature } message
                ? EthTransaction.FromMessage(message.Message, signature, chain.ChainId).Hash
                : null;
        }
        catch (Exception exception) when (exception is MessageException or CborException or EthereumException)
        {
            // Another kind of object.
            return null;
        }
    }

    /// <summary>An error as Lotus reports most.</summary>
    public static RpcException Failure(string message) => new(RpcErrorCode.Lotus, message);

    private LocalBlock? FindKey(Cid[] key) => chain.FindBlock(EthHash.OfCid(Tipset.CidOf(key)));
}
