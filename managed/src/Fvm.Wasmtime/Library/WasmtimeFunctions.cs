using System.Runtime.InteropServices;

namespace Fvm.Wasmtime;

/// <summary>
/// The functions of Wasmtime's C library that the engine calls, with their signatures (wasm.h, wasmtime/*.h of release 50). Handles are
/// <see cref="nint"/>; an error or trap that is returned belongs to the caller. Those called around each host call take a few nanoseconds and
/// call nothing back, so they need no transition of the garbage collector's.
/// </summary>
// Sound: the signatures are those of the release whose name the loader looks for; the library is never unloaded.
internal readonly unsafe struct WasmtimeFunctions(nint library)
{
    public readonly delegate* unmanaged[Cdecl]<nint> ConfigNew =
        (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "wasm_config_new");

    public readonly delegate* unmanaged[Cdecl]<nint, nint> EngineNew =
        (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "wasm_engine_new_with_config");

    public readonly delegate* unmanaged[Cdecl]<nint, void> EngineDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasm_engine_delete");

    public readonly delegate* unmanaged[Cdecl]<nint, void> EngineIncrementEpoch =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasmtime_engine_increment_epoch");

    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint*, nint> ModuleNew =
        (delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint*, nint>)NativeLibrary.GetExport(library, "wasmtime_module_new");

    public readonly delegate* unmanaged[Cdecl]<nint, void> ModuleDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasmtime_module_delete");

    public readonly delegate* unmanaged[Cdecl]<nint, byte**, byte**, void> ModuleImageRange =
        (delegate* unmanaged[Cdecl]<nint, byte**, byte**, void>)NativeLibrary.GetExport(library, "wasmtime_module_image_range");

    public readonly delegate* unmanaged[Cdecl]<byte, nint> ValueTypeNew =
        (delegate* unmanaged[Cdecl]<byte, nint>)NativeLibrary.GetExport(library, "wasm_valtype_new");

    public readonly delegate* unmanaged[Cdecl]<Vector*, nuint, nint*, void> ValueTypesNew =
        (delegate* unmanaged[Cdecl]<Vector*, nuint, nint*, void>)NativeLibrary.GetExport(library, "wasm_valtype_vec_new");

    public readonly delegate* unmanaged[Cdecl]<Vector*, Vector*, nint> FunctionTypeNew =
        (delegate* unmanaged[Cdecl]<Vector*, Vector*, nint>)NativeLibrary.GetExport(library, "wasm_functype_new");

    public readonly delegate* unmanaged[Cdecl]<nint, void> FunctionTypeDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasm_functype_delete");

    public readonly delegate* unmanaged[Cdecl]<nint, nint> LinkerNew =
        (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "wasmtime_linker_new");

    public readonly delegate* unmanaged[Cdecl]<nint, void> LinkerDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasmtime_linker_delete");

    /// <summary>Linker, module name, field name, type, callback, its first argument, no finalizer.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nint, nint, void*, nint, nint> LinkerDefineFunction =
        (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nint, nint, void*, nint, nint>)NativeLibrary.GetExport(
            library, "wasmtime_linker_define_func_unchecked");

    public readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> LinkerInstantiatePre =
        (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)NativeLibrary.GetExport(library, "wasmtime_linker_instantiate_pre");

    public readonly delegate* unmanaged[Cdecl]<nint, void> InstancePreDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasmtime_instance_pre_delete");

    public readonly delegate* unmanaged[Cdecl]<nint, nint, InstanceHandle*, nint*, nint> InstancePreInstantiate =
        (delegate* unmanaged[Cdecl]<nint, nint, InstanceHandle*, nint*, nint>)NativeLibrary.GetExport(library, "wasmtime_instance_pre_instantiate");

    public readonly delegate* unmanaged[Cdecl]<nint, InstanceHandle*, nuint, byte**, nuint*, ExternHandle*, byte> InstanceExport =
        (delegate* unmanaged[Cdecl]<nint, InstanceHandle*, nuint, byte**, nuint*, ExternHandle*, byte>)NativeLibrary.GetExport(
            library, "wasmtime_instance_export_nth");

    public readonly delegate* unmanaged[Cdecl]<nint, void*, nint, nint> StoreNew =
        (delegate* unmanaged[Cdecl]<nint, void*, nint, nint>)NativeLibrary.GetExport(library, "wasmtime_store_new");

    public readonly delegate* unmanaged[Cdecl]<nint, void> StoreDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasmtime_store_delete");

    public readonly delegate* unmanaged[Cdecl]<nint, nint> StoreContext =
        (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "wasmtime_store_context");

    /// <summary>Store, callback at the deadline, its argument, no finalizer.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, nint, void*, nint, void> StoreEpochDeadlineCallback =
        (delegate* unmanaged[Cdecl]<nint, nint, void*, nint, void>)NativeLibrary.GetExport(library, "wasmtime_store_epoch_deadline_callback");

    public readonly delegate* unmanaged[Cdecl]<nint, ulong, void> SetEpochDeadline =
        (delegate* unmanaged[Cdecl]<nint, ulong, void>)NativeLibrary.GetExport(library, "wasmtime_context_set_epoch_deadline");

    public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, void*> ContextData =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, void*>)NativeLibrary.GetExport(library, "wasmtime_context_get_data");

    public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint> CallerContext =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint>)NativeLibrary.GetExport(library, "wasmtime_caller_context");

    public readonly delegate* unmanaged[Cdecl]<nint, FunctionHandle*, RawValue*, nuint, nint*, nint> FunctionCall =
        (delegate* unmanaged[Cdecl]<nint, FunctionHandle*, RawValue*, nuint, nint*, nint>)NativeLibrary.GetExport(
            library, "wasmtime_func_call_unchecked");

    public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, GlobalHandle*, Value*, void> GlobalGet =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, GlobalHandle*, Value*, void>)NativeLibrary.GetExport(library, "wasmtime_global_get");

    public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, GlobalHandle*, Value*, nint> GlobalSet =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, GlobalHandle*, Value*, nint>)NativeLibrary.GetExport(library, "wasmtime_global_set");

    public readonly delegate* unmanaged[Cdecl]<nint, MemoryHandle*, byte*> MemoryData =
        (delegate* unmanaged[Cdecl]<nint, MemoryHandle*, byte*>)NativeLibrary.GetExport(library, "wasmtime_memory_data");

    public readonly delegate* unmanaged[Cdecl]<nint, MemoryHandle*, nuint> MemoryDataSize =
        (delegate* unmanaged[Cdecl]<nint, MemoryHandle*, nuint>)NativeLibrary.GetExport(library, "wasmtime_memory_data_size");

    public readonly delegate* unmanaged[Cdecl]<byte, nint> TrapNew =
        (delegate* unmanaged[Cdecl]<byte, nint>)NativeLibrary.GetExport(library, "wasmtime_trap_new_code");

    public readonly delegate* unmanaged[Cdecl]<nint, byte*, byte> TrapCodeOf =
        (delegate* unmanaged[Cdecl]<nint, byte*, byte>)NativeLibrary.GetExport(library, "wasmtime_trap_code");

    public readonly delegate* unmanaged[Cdecl]<nint, void> TrapDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasm_trap_delete");

    public readonly delegate* unmanaged[Cdecl]<byte*, nint> ErrorNew =
        (delegate* unmanaged[Cdecl]<byte*, nint>)NativeLibrary.GetExport(library, "wasmtime_error_new");

    public readonly delegate* unmanaged[Cdecl]<nint, Vector*, void> ErrorMessage =
        (delegate* unmanaged[Cdecl]<nint, Vector*, void>)NativeLibrary.GetExport(library, "wasmtime_error_message");

    public readonly delegate* unmanaged[Cdecl]<nint, void> ErrorDelete =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "wasmtime_error_delete");

    public readonly delegate* unmanaged[Cdecl]<Vector*, void> BytesDelete =
        (delegate* unmanaged[Cdecl]<Vector*, void>)NativeLibrary.GetExport(library, "wasm_byte_vec_delete");
}
