namespace Fvm.Hosting;

/// <summary>
/// filecoin-ffi's verification functions, where they are there; otherwise null. Each returns a response that <see cref="Destroy"/>
/// frees.
/// </summary>
// Sound: the signatures are those of filecoin-ffi's header, by whose names the functions are found; a missing function is null, and
// checked before each call.
public unsafe struct ProofFunctions
{
    internal delegate* unmanaged[Cdecl]<
        int, Bytes32*, Bytes32*, Bytes32*, Bytes32*, Bytes32*, ulong, SliceRefOf<byte>, BoolResult*> VerifySeal;

    internal delegate* unmanaged[Cdecl]<
        int, int, Bytes32*, SliceRefOf<byte>, SliceRefOf<AggregationInput>, BoolResult*> VerifyAggregate;

    internal delegate* unmanaged[Cdecl]<
        Bytes32*, SliceRefOf<PublicReplica>, SliceRefOf<NativePostProof>, Bytes32*, BoolResult*> VerifyWindowPost;

    internal delegate* unmanaged[Cdecl]<int, SliceRefOf<byte>, Bytes32*, Bytes32*, Bytes32*, BoolResult*> VerifyUpdate;

    internal delegate* unmanaged[Cdecl]<BoolResult*, void> Destroy;

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

    /// <summary>The functions at the addresses of their names.</summary>
    /// <param name="find">The address of the function of a number in <see cref="Names"/>; zero if it is missing.</param>
    public static ProofFunctions From(Func<int, nint> find) => new()
    {
        VerifySeal = (delegate* unmanaged[Cdecl]<
            int, Bytes32*, Bytes32*, Bytes32*, Bytes32*, Bytes32*, ulong, SliceRefOf<byte>, BoolResult*>)find(0),
        VerifyAggregate = (delegate* unmanaged[Cdecl]<
            int, int, Bytes32*, SliceRefOf<byte>, SliceRefOf<AggregationInput>, BoolResult*>)find(1),
        VerifyWindowPost = (delegate* unmanaged[Cdecl]<
            Bytes32*, SliceRefOf<PublicReplica>, SliceRefOf<NativePostProof>, Bytes32*, BoolResult*>)find(2),
        VerifyUpdate = (delegate* unmanaged[Cdecl]<int, SliceRefOf<byte>, Bytes32*, Bytes32*, Bytes32*, BoolResult*>)find(3),
        Destroy = (delegate* unmanaged[Cdecl]<BoolResult*, void>)find(4),
    };
}
