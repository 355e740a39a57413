using NUnit.Framework;

namespace Fvm;

/// <summary>Wasmtime's library for tests: the one that scripts/wasmtime fetched, or that FVM_WASMTIME names.</summary>
internal static class WasmtimeOfTests
{
    /// <summary>The library's path; ignores the test if it is not there.</summary>
    public static string Library => Find() ?? throw new IgnoreException(
        "there is no library of Wasmtime: scripts/wasmtime fetches it, where the package can be had");

    /// <summary>The library's path; null if it is not there.</summary>
    public static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable(Wasmtime.WasmtimeLibraryFile.Variable);
        string path = string.IsNullOrEmpty(named)
            ? Repository.PathOf("artifacts", "wasmtime", Wasmtime.WasmtimeLibraryFile.Release, Wasmtime.WasmtimeLibraryFile.Name)
            : named;
        return File.Exists(path) ? path : null;
    }
}
