using System.Runtime.InteropServices;
using System.Text;
using Fvm.Hosting;

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
        return ProofFunctions.From(index => NativeLibrary.GetExport(handle, ProofFunctions.Names[index]));
    }

    [DllImport("libc")]
    private static extern int setenv(byte* name, byte* value, int replace);
}
