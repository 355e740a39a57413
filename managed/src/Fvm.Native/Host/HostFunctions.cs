namespace Fvm.Native;

/// <summary>The host's callbacks as function pointers, replaceable in tests (C: the <c>cgo_*</c> functions of filcrypto.h).</summary>
// Sound: the signatures are those of HostImports, whose addresses these are; tests pass functions of the same.
internal unsafe struct HostFunctions
{
    public delegate*<ulong, byte*, int, byte**, int*, int> Get;
    public delegate*<ulong, byte*, int, int> Has;
    public delegate*<ulong, byte*, int, byte*, int, int> Put;
    public delegate*<ulong, int*, int, byte*, int> PutMany;
    public delegate*<ulong, long, byte*, int> ChainRandomness;
    public delegate*<ulong, long, byte*, int> BeaconRandomness;
    public delegate*<ulong, byte*, int, byte*, int, byte*, int, ulong*, long*, long*, long*, int> ConsensusFault;
    public delegate*<ulong, long, byte*, int, int> TipsetCid;

    /// <summary>The callbacks linked into the process.</summary>
    public static HostFunctions Linked() => new()
    {
        Get = &HostImports.cgo_blockstore_get,
        Has = &HostImports.cgo_blockstore_has,
        Put = &HostImports.cgo_blockstore_put,
        PutMany = &HostImports.cgo_blockstore_put_many,
        ChainRandomness = &HostImports.cgo_extern_get_chain_randomness,
        BeaconRandomness = &HostImports.cgo_extern_get_beacon_randomness,
        ConsensusFault = &HostImports.cgo_extern_verify_consensus_fault,
        TipsetCid = &HostImports.cgo_extern_get_tipset_cid,
    };
}
