using System.Runtime.InteropServices;
using System.Text;

namespace Fvm.Native.Tests;

/// <summary>libfilcrypto's proof verification functions, loaded from a separate library.</summary>
internal static unsafe class RealProofs
{
    /// <summary>Loads the functions.</summary>
    /// <param name="library">The path of the library.</param>
    /// <param name="keys">The folder of verifying keys.</param>
    public static ProofFunctions Load(string library, string keys)
    {
        // .NET's environment is a copy that native libraries do not see.
        fixed (byte* name = "FIL_PROOFS_PARAMETER_CACHE"u8)
        fixed (byte* value = Encoding.UTF8.GetBytes(keys + '\0'))
        {
            _ = setenv(name, value, 1);
        }

        nint handle = NativeLibrary.Load(library);
        void* Find(string name) => (void*)NativeLibrary.GetExport(handle, name);
        return new ProofFunctions
        {
            VerifySeal = (delegate* unmanaged[Cdecl]<
                int, Bytes32*, Bytes32*, Bytes32*, Bytes32*, Bytes32*, ulong, SliceRefOf<byte>, BoolResult*>)Find("verify_seal"),
            VerifyAggregate = (delegate* unmanaged[Cdecl]<
                int, int, Bytes32*, SliceRefOf<byte>, SliceRefOf<AggregationInput>, BoolResult*>)Find("verify_aggregate_seal_proof"),
            VerifyWindowPost = (delegate* unmanaged[Cdecl]<
                Bytes32*, SliceRefOf<PublicReplica>, SliceRefOf<NativePostProof>, Bytes32*, BoolResult*>)Find("verify_window_post"),
            VerifyUpdate = (delegate* unmanaged[Cdecl]<int, SliceRefOf<byte>, Bytes32*, Bytes32*, Bytes32*, BoolResult*>)
                Find("verify_empty_sector_update_proof"),
            Destroy = (delegate* unmanaged[Cdecl]<BoolResult*, void>)Find("destroy_verify_seal_response"),
        };
    }

    [DllImport("libc")]
    private static extern int setenv(byte* name, byte* value, int replace);
}
