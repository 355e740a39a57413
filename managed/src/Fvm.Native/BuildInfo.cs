using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>Which library this is.</summary>
/// <param name="Version">The project's version.</param>
/// <param name="Commit">The commit that it was built from; <c>unknown</c> where there was no repository.</param>
internal sealed record BuildInfo(string Version, string Commit)
{
    /// <summary>What <c>scripts/publish-native</c> compiled into <c>native/src/entry.c</c>.</summary>
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
