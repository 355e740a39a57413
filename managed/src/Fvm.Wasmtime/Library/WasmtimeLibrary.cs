using System.Runtime.InteropServices;
using System.Text;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>Wasmtime's C library, loaded when an engine is made, from a place that the user names.</summary>
// Sound: the table of functions is allocated once per load and, like the library, stays for the life of the process: code of Wasmtime that
// still runs refers to it.
internal sealed unsafe class WasmtimeLibrary
{
    // Each release names some symbols after itself. Releases change layouts, so another one must not be called.
    private const string ReleaseSymbol = "resolve_vmctx_memory_ptr_50_0_1";

    private readonly nint _library;

    private WasmtimeLibrary(nint library)
    {
        _library = library;
        Functions = (WasmtimeFunctions*)NativeMemory.Alloc((nuint)sizeof(WasmtimeFunctions));
        *Functions = new WasmtimeFunctions(library);
    }

    /// <summary>The functions; valid for the life of the process.</summary>
    public WasmtimeFunctions* Functions { get; }

    /// <summary>Loads the library.</summary>
    /// <exception cref="EngineUnavailableException">It is missing, or of another release.</exception>
    public static WasmtimeLibrary Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new EngineUnavailableException($"there is no file {path}");
        }

        if (!NativeLibrary.TryLoad(path, out nint library))
        {
            throw new EngineUnavailableException($"{path} cannot be loaded: it is no library for this system");
        }

        if (!NativeLibrary.TryGetExport(library, ReleaseSymbol, out _))
        {
            throw new EngineUnavailableException($"{path} is not Wasmtime {WasmtimeLibraryFile.Release}");
        }

        return new WasmtimeLibrary(library);
    }

    /// <summary>The function that sets a property of a configuration.</summary>
    // Sound: the library is of the release that has the property.
    public nint Setter(string property) => NativeLibrary.GetExport(_library, $"wasmtime_config_{property}_set");

    /// <summary>The message of an error, which it deletes.</summary>
    public string TakeError(nint error)
    {
        Vector message = default;
        Functions->ErrorMessage(error, &message);
        string text = Encoding.UTF8.GetString((byte*)message.Data, (int)message.Size);
        Functions->BytesDelete(&message);
        Functions->ErrorDelete(error);
        return text.ReplaceLineEndings(": ");
    }
}
