using System.Runtime.InteropServices;
using System.Text;

namespace Fvm.Native;

/// <summary>
/// filecoin-ffi's verification functions, where the process has them; otherwise null. Each returns a response that <see cref="Destroy"/>
/// frees.
/// </summary>
// Sound: the signatures are those of filecoin-ffi's header, by whose names the functions are found; a missing function is null, and
// checked before each call.
internal unsafe struct ProofFunctions
{
    public delegate* unmanaged[Cdecl]<
        int, Bytes32*, Bytes32*, Bytes32*, Bytes32*, Bytes32*, ulong, SliceRefOf<byte>, BoolResult*> VerifySeal;

    public delegate* unmanaged[Cdecl]<
        int, int, Bytes32*, SliceRefOf<byte>, SliceRefOf<AggregationInput>, BoolResult*> VerifyAggregate;

    public delegate* unmanaged[Cdecl]<
        Bytes32*, SliceRefOf<PublicReplica>, SliceRefOf<NativePostProof>, Bytes32*, BoolResult*> VerifyWindowPost;

    public delegate* unmanaged[Cdecl]<int, SliceRefOf<byte>, Bytes32*, Bytes32*, Bytes32*, BoolResult*> VerifyUpdate;

    public delegate* unmanaged[Cdecl]<BoolResult*, void> Destroy;

    /// <summary>The names, in the order of the fields.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "verify_seal",
        "verify_aggregate_seal_proof",
        "verify_window_post",
        "verify_empty_sector_update_proof",
        "destroy_verify_seal_response",
    ];

    /// <summary>The names of the missing functions.</summary>
    public readonly IReadOnlyList<string> Missing
    {
        get
        {
            void*[] all = [VerifySeal, VerifyAggregate, VerifyWindowPost, VerifyUpdate, Destroy];
            List<string> missing = [];
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i] == null)
                {
                    missing.Add(Names[i]);
                }
            }

            return missing;
        }
    }

    /// <summary>The callable functions: none if responses cannot be freed.</summary>
    public readonly ProofFunctions Usable => Destroy == null ? default : this;

    /// <summary>The functions that the process has under their names, linked into it or loaded before this library.</summary>
    public static ProofFunctions Linked() => new()
    {
        VerifySeal = (delegate* unmanaged[Cdecl]<
            int, Bytes32*, Bytes32*, Bytes32*, Bytes32*, Bytes32*, ulong, SliceRefOf<byte>, BoolResult*>)Find(0),
        VerifyAggregate = (delegate* unmanaged[Cdecl]<
            int, int, Bytes32*, SliceRefOf<byte>, SliceRefOf<AggregationInput>, BoolResult*>)Find(1),
        VerifyWindowPost = (delegate* unmanaged[Cdecl]<
            Bytes32*, SliceRefOf<PublicReplica>, SliceRefOf<NativePostProof>, Bytes32*, BoolResult*>)Find(2),
        VerifyUpdate = (delegate* unmanaged[Cdecl]<int, SliceRefOf<byte>, Bytes32*, Bytes32*, Bytes32*, BoolResult*>)Find(3),
        Destroy = (delegate* unmanaged[Cdecl]<BoolResult*, void>)Find(4),
    };

    // A weak reference finds what was linked statically, which has no name at run time; the loader finds the rest.
    private static void* Find(int index)
    {
        void* linked = fvm_shim_proof(index);
        if (linked != null)
        {
            return linked;
        }

        fixed (byte* name = Encoding.ASCII.GetBytes(Names[index] + '\0'))
        {
            return Libc.dlsym(null, name);
        }
    }

    /// <summary>The address of a function, or NULL (<c>native/src/proofs.c</c>).</summary>
    [DllImport("fvmshim")]
    private static extern void* fvm_shim_proof(int index);
}
