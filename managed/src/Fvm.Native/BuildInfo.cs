using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>Which library this is.</summary>
/// <param name="Version">The project's version.</param>
/// <param name="Commit">The commit that it was built from; <c>unknown</c> where there was no repository.</param>
internal sealed unsafe record BuildInfo(string Version, string Commit)
{
    /// <summary>What <c>scripts/publish-native</c> compiled into <c>native/src/entry.c</c>.</summary>
    public static BuildInfo Linked() => new(Text(fvm_shim_version()), Text(fvm_shim_commit()));

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    [DllImport("fvmshim")]
    private static extern byte* fvm_shim_version();

    [DllImport("fvmshim")]
    private static extern byte* fvm_shim_commit();
}
