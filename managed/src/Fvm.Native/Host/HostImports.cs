using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>
/// The host's functions by their names. There is no library <c>fvmhost</c>: in a published library they are undefined symbols, which
/// the host program defines and the linker or the loader finds.
/// </summary>
internal static unsafe class HostImports
{
    private const string Host = "fvmhost";

    [DllImport(Host)]
    public static extern int cgo_blockstore_get(ulong store, byte* cid, int cidLength, byte** block, int* size);

    [DllImport(Host)]
    public static extern int cgo_blockstore_has(ulong store, byte* cid, int cidLength);

    [DllImport(Host)]
    public static extern int cgo_blockstore_put(ulong store, byte* cid, int cidLength, byte* block, int blockLength);

    [DllImport(Host)]
    public static extern int cgo_blockstore_put_many(ulong store, int* lengths, int lengthsLength, byte* blocks);

    [DllImport(Host)]
    public static extern int cgo_extern_get_chain_randomness(ulong externs, long epoch, byte* output);

    [DllImport(Host)]
    public static extern int cgo_extern_get_beacon_randomness(ulong externs, long epoch, byte* output);

    [DllImport(Host)]
    public static extern int cgo_extern_verify_consensus_fault(
        ulong externs, byte* first, int firstLength, byte* second, int secondLength, byte* extra, int extraLength,
        ulong* miner, long* epoch, long* fault, long* gasUsed);

    [DllImport(Host)]
    public static extern int cgo_extern_get_tipset_cid(ulong externs, long epoch, byte* output, int outputLength);
}
