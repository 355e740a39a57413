using Fvm.Ipld;

namespace Fvm;

/// <summary>Blocks read and written by the machine itself; every failure is fatal.</summary>
internal static class StateBlocks
{
    public delegate T Decoder<out T>(ReadOnlySpan<byte> block);

    /// <exception cref="FatalException">The block is missing, or the store fails.</exception>
    public static byte[] Get(IBlockstore store, in Cid cid, string what)
    {
        byte[]? block;
        try
        {
            block = store.Get(cid);
        }
        catch (BlockstoreException e)
        {
            throw new FatalException($"failed to read {what} {cid}", e);
        }

        return block ?? throw new FatalException($"{what} {cid} not found");
    }

    /// <exception cref="FatalException">The block is malformed.</exception>
    public static T Decode<T>(byte[] block, string what, Decoder<T> decoder)
    {
        try
        {
            return decoder(block);
        }
        catch (CborException e)
        {
            throw new FatalException($"failed to decode {what} {Cid.Blake2b256(Multicodec.DagCbor, block)}", e);
        }
    }

    /// <summary>Stores a CBOR block under its BLAKE2b-256 CID.</summary>
    /// <exception cref="FatalException">The store fails.</exception>
    public static Cid Put(IBlockstore store, byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        try
        {
            store.Put(cid, block);
        }
        catch (BlockstoreException e)
        {
            throw new FatalException($"failed to store {cid}", e);
        }

        return cid;
    }
}
