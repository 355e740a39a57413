using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>The file of Wasmtime's C library.</summary>
internal static class WasmtimeLibraryFile
{
    /// <summary>The environment variable that names the file.</summary>
    public const string Variable = "FVM_WASMTIME";

    /// <summary>The release whose signatures and layouts are used here.</summary>
    public const string Release = "50.0.1";

    /// <summary>The file's name on this system.</summary>
    public static string Name =>
        OperatingSystem.IsWindows() ? "wasmtime.dll" : OperatingSystem.IsMacOS() ? "libwasmtime.dylib" : "libwasmtime.so";

    /// <summary>The full path: of the file that <see cref="Variable"/> names, or of the one beside the program.</summary>
    /// <exception cref="EngineUnavailableException">There is no such file.</exception>
    public static string Find()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        string path = string.IsNullOrEmpty(named) ? Path.Combine(AppContext.BaseDirectory, Name) : Path.GetFullPath(named);
        return File.Exists(path)
            ? path
            : throw new EngineUnavailableException(
                string.IsNullOrEmpty(named)
                    ? $"the engine wasmtime needs {Name} of Wasmtime {Release}: beside the program, or named by {Variable}"
                    : $"{Variable}: there is no file {path}");
    }
}
