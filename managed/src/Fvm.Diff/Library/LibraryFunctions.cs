using System.Runtime.InteropServices;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>The functions of a library with the C interface of filecoin-ffi (<c>native/include/filcrypto.h</c>).</summary>
// Sound: the signatures are those of the interface, under whose names the functions are found; the library is never unloaded.
internal sealed unsafe class LibraryFunctions
{
    public delegate* unmanaged[Cdecl]<
        byte, ulong, ulong, ulong, ulong, ulong, ulong, ulong, uint, LentBytes, byte, byte, ulong, ulong, MachineResponse*> Create
    { get; }

    public delegate* unmanaged[Cdecl]<
        byte, ulong, ulong, ulong, ulong, ulong, ulong, ulong, uint, LentBytes, LentBytes, byte, byte, ulong, ulong, MachineResponse*>
        CreateDebug
    { get; }

    public delegate* unmanaged[Cdecl]<nint, LentBytes, ulong, ulong, MessageResponse*> Execute { get; }

    public delegate* unmanaged[Cdecl]<nint, BytesResponse*> Flush { get; }

    public delegate* unmanaged[Cdecl]<nint, void> Drop { get; }

    public delegate* unmanaged[Cdecl]<MachineResponse*, void> DestroyCreate { get; }

    public delegate* unmanaged[Cdecl]<MessageResponse*, void> DestroyExecute { get; }

    public delegate* unmanaged[Cdecl]<BytesResponse*, void> DestroyFlush { get; }

    /// <summary>Loads a library; the host's functions that it imports must be there already (<see cref="HostSymbols"/>).</summary>
    /// <exception cref="FileException">It cannot be loaded.</exception>
    /// <exception cref="InputException">It lacks a function.</exception>
    public LibraryFunctions(string path)
    {
        nint library = SharedLibrary.Load(path);
        nint Find(string name) => NativeLibrary.TryGetExport(library, name, out nint found)
            ? found
            : throw new InputException($"{path}: it has no function {name}, so it is no library with the C interface");

        Create = (delegate* unmanaged[Cdecl]<
            byte, ulong, ulong, ulong, ulong, ulong, ulong, ulong, uint, LentBytes, byte, byte, ulong, ulong,
            MachineResponse*>)Find("create_fvm_machine");
        CreateDebug = (delegate* unmanaged[Cdecl]<
            byte, ulong, ulong, ulong, ulong, ulong, ulong, ulong, uint, LentBytes, LentBytes, byte, byte, ulong, ulong,
            MachineResponse*>)Find("create_fvm_debug_machine");
        Execute = (delegate* unmanaged[Cdecl]<nint, LentBytes, ulong, ulong, MessageResponse*>)Find("fvm_machine_execute_message");
        Flush = (delegate* unmanaged[Cdecl]<nint, BytesResponse*>)Find("fvm_machine_flush");
        Drop = (delegate* unmanaged[Cdecl]<nint, void>)Find("drop_fvm_machine");
        DestroyCreate = (delegate* unmanaged[Cdecl]<MachineResponse*, void>)Find("destroy_create_fvm_machine_response");
        DestroyExecute = (delegate* unmanaged[Cdecl]<MessageResponse*, void>)Find("destroy_fvm_machine_execute_response");
        DestroyFlush = (delegate* unmanaged[Cdecl]<BytesResponse*, void>)Find("destroy_fvm_machine_flush_response");
    }
}
