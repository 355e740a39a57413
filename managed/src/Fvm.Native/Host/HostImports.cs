using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>
/// The host's callbacks by name, each called through a wrapper in <c>native/src/callbacks.c</c> that tolerates hosts ending their threads. In
/// a published library they are undefined symbols, which the host program defines and the linker or loader resolves.
/// </summary>
// Sound: declares only; the signatures are those of native/src/callbacks.c.
internal static unsafe class HostImports
{
    private const string Host = "fvmshim";

    [DllImport(Host, EntryPoint = "fvm_host_get")]
    public static extern int cgo_blockstore_get(ulong store, byte* cid, int cidLength, byte** block, int* size);

    [DllImport(Host, EntryPoint = "fvm_host_has")]
    public static extern int cgo_blockstore_has(ulong store, byte* cid, int cidLength);

    [DllImport(Host, EntryPoint = "fvm_host_put")]
    public static extern int cgo_blockstore_put(ulong store, byte* cid, int cidLength, byte* block, int blockLength);

    [DllImport(Host, EntryPoint = "fvm_host_put_many")]
    public static extern int cgo_blockstore_put_many(ulong store, int* lengths, int lengthsLength, byte* blocks);

    [DllImport(Host, EntryPoint = "fvm_host_chain_randomness")]
    public static extern int cgo_extern_get_chain_randomness(ulong externs, long epoch, byte* output);

    [DllImport(Host, EntryPoint = "fvm_host_beacon_randomness")]
    public static extern int cgo_extern_get_beacon_randomness(ulong externs, long epoch, byte* output);

    [DllImport(Host, EntryPoint = "fvm_host_consensus_fault")]
    public static extern int cgo_extern_verify_consensus_fault(
        ulong externs, byte* first, int firstLength, byte* second, int secondLength, byte* extra, int extraLength,
        ulong* miner, long* epoch, long* fault, long* gasUsed);

    [DllImport(Host, EntryPoint = "fvm_host_tipset_cid")]
    public static extern int cgo_extern_get_tipset_cid(ulong externs, long epoch, byte* output, int outputLength);
}
