using System.Runtime.InteropServices;
using System.Text;
using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>The verification functions that the process has under their names, linked into it or loaded before this library.</summary>
// Sound: the names are those of filecoin-ffi's header; addresses are only passed on.
internal static unsafe class LinkedProofs
{
    public static ProofFunctions Find() => ProofFunctions.From(static index => (nint)Find(index));

    // A weak reference finds what was linked statically, which has no name at run time; the loader finds the rest.
    private static void* Find(int index)
    {
        void* linked = fvm_shim_proof(index);
        if (linked != null)
        {
            return linked;
        }

        fixed (byte* name = Encoding.ASCII.GetBytes(ProofFunctions.Names[index] + '\0'))
        {
            return Libc.dlsym(null, name);
        }
    }

    /// <summary>The address of a function, or NULL (<c>native/src/proofs.c</c>).</summary>
    [DllImport("fvmshim")]
    private static extern void* fvm_shim_proof(int index);
}
