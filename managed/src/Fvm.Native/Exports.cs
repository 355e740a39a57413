using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>
/// The managed half of the library's exports: each is called by its counterpart in <c>native/src/entry.c</c>; documentation is in
/// <c>native/include/filcrypto.h</c>. No exception leaves any of them.
/// </summary>
// Sound: pointers are passed on between C and Guard, and none is read here.
internal static unsafe class Exports
{
    [UnmanagedCallersOnly(EntryPoint = "fvm_managed_create_machine", CallConvs = [typeof(CallConvCdecl)])]
    public static MachineResult* CreateMachine(
        byte version, ulong epoch, ulong timestamp, ulong chainId, ulong baseFeeHigh, ulong baseFeeLow, ulong supplyHigh, ulong supplyLow,
        uint networkVersion, SliceRef stateRoot, byte tracing, byte flushAllBlocks, ulong blockstore, ulong externs)
        => Guard.Create("create_fvm_machine", new CreateCall
        {
            Version = version,
            Epoch = epoch,
            Timestamp = timestamp,
            ChainId = chainId,
            BaseFee = new Amount { High = baseFeeHigh, Low = baseFeeLow },
            CirculatingSupply = new Amount { High = supplyHigh, Low = supplyLow },
            NetworkVersion = networkVersion,
            StateRoot = stateRoot,
            Tracing = tracing,
            FlushAllBlocks = flushAllBlocks,
            Blockstore = blockstore,
            Externs = externs,
        });

    [UnmanagedCallersOnly(EntryPoint = "fvm_managed_create_debug_machine", CallConvs = [typeof(CallConvCdecl)])]
    public static MachineResult* CreateDebugMachine(
        byte version, ulong epoch, ulong timestamp, ulong chainId, ulong baseFeeHigh, ulong baseFeeLow, ulong supplyHigh, ulong supplyLow,
        uint networkVersion, SliceRef stateRoot, SliceRef actorRedirect, byte tracing, byte flushAllBlocks, ulong blockstore, ulong externs)
        => Guard.Create("create_fvm_debug_machine", new CreateCall
        {
            Version = version,
            Epoch = epoch,
            Timestamp = timestamp,
            ChainId = chainId,
            BaseFee = new Amount { High = baseFeeHigh, Low = baseFeeLow },
            CirculatingSupply = new Amount { High = supplyHigh, Low = supplyLow },
            NetworkVersion = networkVersion,
            StateRoot = stateRoot,
            ActorRedirect = actorRedirect,
            Debugging = true,
            Tracing = tracing,
            FlushAllBlocks = flushAllBlocks,
            Blockstore = blockstore,
            Externs = externs,
        });

    [UnmanagedCallersOnly(EntryPoint = "fvm_managed_execute_message", CallConvs = [typeof(CallConvCdecl)])]
    public static ExecuteResult* ExecuteMessage(nint machine, SliceRef message, ulong chainLength, ulong applyKind)
        => Guard.Execute("fvm_machine_execute_message", machine, message, chainLength, applyKind);

    [UnmanagedCallersOnly(EntryPoint = "fvm_managed_flush", CallConvs = [typeof(CallConvCdecl)])]
    public static BytesResult* Flush(nint machine) => Guard.Flush("fvm_machine_flush", machine);

    [UnmanagedCallersOnly(EntryPoint = "fvm_managed_drop", CallConvs = [typeof(CallConvCdecl)])]
    public static void DropMachine(nint machine) => Guard.Drop(machine);

    [UnmanagedCallersOnly(EntryPoint = "fvm_managed_capabilities", CallConvs = [typeof(CallConvCdecl)])]
    public static BytesResult* Capabilities() => Guard.Capabilities();
}
