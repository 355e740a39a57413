using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>Version and commit of this library.</summary>
/// <param name="Version">The project's version.</param>
/// <param name="Commit">The commit it was built from; <c>unknown</c> outside a repository.</param>
internal sealed record BuildInfo(string Version, string Commit)
{
    /// <summary>The values compiled into <c>native/src/entry.c</c> by <c>scripts/publish-native</c>.</summary>
    // Sound: both texts are constants of the library.
    public static unsafe BuildInfo Linked() => new(Text(fvm_shim_version()), Text(fvm_shim_commit()));

    // Sound: the text ends with a zero byte, as C's constants do.
    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    [DllImport("fvmshim")]
    // Sound: declares only; the signature is that of native/src/entry.c.
    private static unsafe extern byte* fvm_shim_version();

    [DllImport("fvmshim")]
    // Sound: declares only; as above.
    private static unsafe extern byte* fvm_shim_commit();
}
