using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>Code linked to the host functions it imports.</summary>
// Sound: the entries of imports are one block with room for each and for its types, freed after the linker that has their addresses;
// instances are gone by then.
internal sealed unsafe class WasmtimeLinkedCode : ILinkedCode, IDisposable
{
    private readonly bool _ownsModule;
    private readonly int[] _imports;
    private readonly InstanceResources _resources;
    private readonly ImportEntry* _entries;
    private byte* _types;
    private nint _linker;
    private nint _pre;

    public WasmtimeLinkedCode(
        WasmtimeCode code, CompiledModule compiled, bool ownsModule, HostTable host, int[] imports, ImportedState imported)
    {
        Code = code;
        Compiled = compiled;
        Host = host;
        _ownsModule = ownsModule;
        _imports = imports;
        _resources = InstanceResources.Of(code.Module, imported);
        WasmtimeFunctions* functions = code.Engine.Library.Functions;
        int types = compiled.Imports.Sum(static import => import.Type.Parameters.Length);
        _entries = (ImportEntry*)NativeMemory.AllocZeroed((nuint)((compiled.Imports.Length * sizeof(ImportEntry)) + types + 1));
        _types = (byte*)(_entries + compiled.Imports.Length);
        _linker = functions->LinkerNew(code.Engine.Handle);
        for (int i = 0; i < compiled.Imports.Length; i++)
        {
            Define(functions, i, compiled.Imports[i]);
        }

        nint pre;
        Check(functions->LinkerInstantiatePre(_linker, compiled.Handle, &pre));
        _pre = pre;
    }

    public WasmtimeCode Code { get; }

    public CompiledModule Compiled { get; }

    public HostTable Host { get; }

    /// <summary>Sizes of memory and table.</summary>
    public InstanceResources Resources => _resources;

    /// <summary>The module with its imports.</summary>
    public nint Pre => _pre;

    /// <summary>The host's index of an imported function.</summary>
    public int HostIndexOf(int import) => _imports[import];

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure) =>
        _resources.AllowsInitial(limiter, out failure) ? new WasmtimeInstance(this, limiter) : null;

    public void Dispose()
    {
        WasmtimeFunctions* functions = Code.Engine.Library.Functions;
        if (_pre == 0)
        {
            return;
        }

        functions->InstancePreDelete(_pre);
        functions->LinkerDelete(_linker);
        NativeMemory.Free(_entries);
        _pre = 0;
        _linker = 0;
        if (_ownsModule)
        {
            Compiled.Dispose();
        }
    }

    private void Define(WasmtimeFunctions* functions, int index, ImportedFunction import)
    {
        ImportEntry* entry = _entries + index;
        entry->Functions = functions;
        entry->Gate = Host.Entry;
        entry->HostIndex = import.Purpose == ImportPurpose.Host ? _imports[index] : 0;
        entry->ParameterCount = import.Type.Parameters.Length;
        entry->Parameters = _types;
        foreach (ValueKind parameter in import.Type.Parameters)
        {
            *_types++ = (byte)parameter;
        }

        entry->Result = import.Type.Result;
        nint callback = import.Purpose switch
        {
            ImportPurpose.Host => (nint)(delegate* unmanaged[Cdecl]<ImportEntry*, nint, RawValue*, nuint, nint>)&HostCalls.Call,
            ImportPurpose.MayGrowMemory => (nint)(delegate* unmanaged[Cdecl]<ImportEntry*, nint, RawValue*, nuint, nint>)&HostCalls.MayGrowMemory,
            _ => (nint)(delegate* unmanaged[Cdecl]<ImportEntry*, nint, RawValue*, nuint, nint>)&HostCalls.MayGrowTable,
        };
        byte[] name = Encoding.UTF8.GetBytes(index.ToString(CultureInfo.InvariantCulture));
        nint type = TypeOf(functions, import.Type);
        byte none;
        fixed (byte* field = name)
        {
            Check(functions->LinkerDefineFunction(_linker, &none, 0, field, (nuint)name.Length, type, callback, entry, 0));
        }

        functions->FunctionTypeDelete(type);
    }

    private static nint TypeOf(WasmtimeFunctions* functions, FunctionType type)
    {
        Vector parameters = Types(functions, type.Parameters.AsSpan());
        Vector results = Types(functions, type.Results.AsSpan());
        return functions->FunctionTypeNew(&parameters, &results);
    }

    private static Vector Types(WasmtimeFunctions* functions, ReadOnlySpan<ValueKind> types)
    {
        Span<nint> handles = new nint[types.Length + 1];
        for (int i = 0; i < types.Length; i++)
        {
            handles[i] = functions->ValueTypeNew(Kinds.Of(types[i]));
        }

        Vector vector;
        fixed (nint* first = handles)
        {
            functions->ValueTypesNew(&vector, (nuint)types.Length, first);
        }

        return vector;
    }

    private void Check(nint error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"Wasmtime: {Code.Engine.Library.TakeError(error)}");
        }
    }
}
