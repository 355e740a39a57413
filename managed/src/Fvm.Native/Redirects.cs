using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>Code redirects: a CBOR list of pairs of CIDs, from and to.</summary>
internal static class Redirects
{
    /// <summary>Reads the list.</summary>
    /// <param name="cidBytes">The list's CID.</param>
    /// <param name="store">Holds the list.</param>
    /// <exception cref="CallerException">The CID is invalid, its block is missing, or the list is malformed.</exception>
    public static Dictionary<Cid, Cid> Read(ReadOnlySpan<byte> cidBytes, IBlockstore store)
    {
        if (!Cid.TryRead(cidBytes, out Cid cid, out _))
        {
            throw new CallerException("invalid redirect CID");
        }

        byte[] block = store.Get(in cid) ?? throw new CallerException($"failed to create engine: missing redirect vector {cid}");
        try
        {
            Dictionary<Cid, Cid> redirects = [];
            CborReader reader = new(block);
            int count = reader.ReadArrayHeader();
            for (int i = 0; i < count; i++)
            {
                reader.ReadArrayHeader(2);
                Cid from = reader.ReadCid();
                redirects[from] = reader.ReadCid();
            }

            reader.EnsureEnd();
            return redirects;
        }
        catch (CborException e)
        {
            throw new CallerException($"the actor redirects {cid} are malformed: {e.Message}");
        }
    }
}
