using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fvm.Sidecar.Bench;

/// <summary>The functions that the C library calls. Handles are those of the garbage collector, of nodes.</summary>
internal static unsafe class AbiCallbacks
{
    private const int Good = 0;
    private const int NotFound = -2;

    [UnmanagedCallersOnly(EntryPoint = "cgo_blockstore_get", CallConvs = [typeof(CallConvCdecl)])]
    public static int Get(ulong store, byte* cid, int length, byte** block, int* size)
    {
        Node node = Ask(store);
        if (node.Get(new ReadOnlySpan<byte>(cid, length)) is not byte[] found)
        {
            return NotFound;
        }

        *size = found.Length;
        *block = (byte*)NativeMemory.Alloc((nuint)found.Length);
        found.CopyTo(new Span<byte>(*block, found.Length));
        return Good;
    }

    [UnmanagedCallersOnly(EntryPoint = "cgo_blockstore_has", CallConvs = [typeof(CallConvCdecl)])]
    public static int Has(ulong store, byte* cid, int length) => Ask(store).Has(new ReadOnlySpan<byte>(cid, length)) ? 1 : 0;

    [UnmanagedCallersOnly(EntryPoint = "cgo_blockstore_put", CallConvs = [typeof(CallConvCdecl)])]
    public static int Put(ulong store, byte* cid, int length, byte* block, int blockLength)
    {
        Ask(store).Put(new ReadOnlySpan<byte>(cid, length), new ReadOnlySpan<byte>(block, blockLength).ToArray());
        return Good;
    }

    [UnmanagedCallersOnly(EntryPoint = "cgo_blockstore_put_many", CallConvs = [typeof(CallConvCdecl)])]
    public static int PutMany(ulong store, int* lengths, int count, byte* blocks)
    {
        Node node = Ask(store);
        for (int i = 0; i < count; i++)
        {
            node.PutJoined(new ReadOnlySpan<byte>(blocks, lengths[i]));
            blocks += lengths[i];
        }

        return Good;
    }

    [UnmanagedCallersOnly(EntryPoint = "cgo_extern_get_chain_randomness", CallConvs = [typeof(CallConvCdecl)])]
    public static int ChainRandomness(ulong externs, long epoch, byte* output)
    {
        byte[] value = Ask(externs).Externs!.GetChainRandomness(new ChainEpoch(epoch));
        value.CopyTo(new Span<byte>(output, value.Length));
        return Good;
    }

    [UnmanagedCallersOnly(EntryPoint = "cgo_extern_get_beacon_randomness", CallConvs = [typeof(CallConvCdecl)])]
    public static int BeaconRandomness(ulong externs, long epoch, byte* output)
    {
        byte[] value = Ask(externs).Externs!.GetBeaconRandomness(new ChainEpoch(epoch));
        value.CopyTo(new Span<byte>(output, value.Length));
        return Good;
    }

    [UnmanagedCallersOnly(EntryPoint = "cgo_extern_verify_consensus_fault", CallConvs = [typeof(CallConvCdecl)])]
    public static int ConsensusFault(
        ulong externs, byte* first, int firstLength, byte* second, int secondLength, byte* extra, int extraLength,
        ulong* miner, long* epoch, long* fault, long* gasUsed)
    {
        _ = Ask(externs);
        *fault = 0;
        *gasUsed = 0;
        return Good;
    }

    [UnmanagedCallersOnly(EntryPoint = "cgo_extern_get_tipset_cid", CallConvs = [typeof(CallConvCdecl)])]
    public static int TipsetCid(ulong externs, long epoch, byte* output, int outputLength)
    {
        byte[] cid = Ask(externs).Externs!.GetTipsetCid(new ChainEpoch(epoch)).ToBytes();
        cid.CopyTo(new Span<byte>(output, outputLength));
        return Good;
    }

    private static Node Ask(ulong handle)
    {
        Node node = (Node)GCHandle.FromIntPtr((nint)handle).Target!;
        node.Callbacks++;
        return node;
    }
}
