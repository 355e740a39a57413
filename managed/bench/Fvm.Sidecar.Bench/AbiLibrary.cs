using System.Runtime.InteropServices;

namespace Fvm.Sidecar.Bench;

/// <summary>The C library (native/include/filcrypto.h): its functions, and the places of results in its responses.</summary>
internal sealed unsafe class AbiLibrary
{
    private const int ValueAt = 24;
    private const int LengthAt = 32;
    private const int GasAt = 48;

    private readonly delegate* unmanaged<
        byte, ulong, ulong, ulong, ulong, ulong, ulong, ulong, uint, Slice, byte, byte, ulong, ulong, byte*> _create;
    private readonly delegate* unmanaged<nint, Slice, ulong, ulong, byte*> _execute;
    private readonly delegate* unmanaged<nint, byte*> _flush;
    private readonly delegate* unmanaged<nint, void> _drop;
    private readonly delegate* unmanaged<byte*, void> _freeCreated;
    private readonly delegate* unmanaged<byte*, void> _freeExecuted;
    private readonly delegate* unmanaged<byte*, void> _freeFlushed;

    public AbiLibrary(string path)
    {
        nint library = NativeLibrary.Load(path);
        _create = (delegate* unmanaged<byte, ulong, ulong, ulong, ulong, ulong, ulong, ulong, uint, Slice, byte, byte, ulong, ulong, byte*>)
            NativeLibrary.GetExport(library, "create_fvm_machine");
        _execute = (delegate* unmanaged<nint, Slice, ulong, ulong, byte*>)NativeLibrary.GetExport(library, "fvm_machine_execute_message");
        _flush = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "fvm_machine_flush");
        _drop = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "drop_fvm_machine");
        _freeCreated = (delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(library, "destroy_create_fvm_machine_response");
        _freeExecuted = (delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(library, "destroy_fvm_machine_execute_response");
        _freeFlushed = (delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(library, "destroy_fvm_machine_flush_response");
    }

    /// <summary>A machine; 0 if there is none.</summary>
    public nint Create(BenchVector vector, ulong node)
    {
        fixed (byte* root = vector.Root)
        {
            byte* response = _create(
                0, (ulong)vector.Settings.Epoch, vector.Settings.Timestamp, vector.Settings.ChainId,
                (ulong)(vector.BaseFee >> 64), (ulong)vector.BaseFee, (ulong)(vector.Supply >> 64), (ulong)vector.Supply,
                vector.Settings.NetworkVersion, new Slice(root, (nuint)vector.Root.Length), 0, 0, node, node);
            nint machine = *(nint*)(response + ValueAt);
            *(nint*)(response + ValueAt) = 0;
            _freeCreated(response);
            return machine;
        }
    }

    /// <summary>Whether a message has its recorded result.</summary>
    public bool Execute(nint machine, BenchMessage message)
    {
        fixed (byte* bytes = message.Bytes)
        {
            byte* response = _execute(machine, new Slice(bytes, (nuint)message.Bytes.Length), message.Length, message.IsImplicit ? 1UL : 0);
            bool good = *(int*)response == 0 && message.Has(*(ulong*)(response + ValueAt), *(ulong*)(response + GasAt));
            _freeExecuted(response);
            return good;
        }
    }

    /// <summary>Whether the new state root is the recorded one.</summary>
    public bool Flush(nint machine, byte[] root)
    {
        byte* response = _flush(machine);
        bool good = *(int*)response == 0 && new ReadOnlySpan<byte>(*(byte**)(response + ValueAt), (int)*(nuint*)(response + LengthAt)).SequenceEqual(root);
        _freeFlushed(response);
        return good;
    }

    public void Drop(nint machine) => _drop(machine);

    private readonly struct Slice(byte* bytes, nuint length)
    {
        public readonly byte* Bytes = bytes;
        public readonly nuint Length = length;
    }
}
