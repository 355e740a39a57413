using System.Runtime.InteropServices;

namespace Fvm.Wasm.Fuzz;

/// <summary>
/// The host of one run: its results depend on the arguments, it charges gas, and it keeps a digest of everything observed.
/// </summary>
internal sealed class FuzzHost : IResourceLimiter, IDisposable
{
    private const ulong MaxMemory = 4 * 65_536;
    private readonly GCHandle _handle;
    private ulong _calls;

    public FuzzHost() => _handle = GCHandle.Alloc(this);

    /// <summary>The functions, and the gate to them.</summary>
    // Sound: the gates are static methods of the signatures that HostTable asks for.
    public static unsafe HostTable Table { get; } = new(
        [.. ModuleGenerator.HostFunctions.Select(f => new HostFunction(ModuleGenerator.HostModule, f.Name, TypeOf(f.Parameters, f.Results)))],
        &Enter,
        &EnterUnmanaged);

    /// <summary>A digest of all calls: arguments, remaining gas and memory size at the time.</summary>
    public ulong Digest { get; private set; }

    /// <summary>The handle by which instances find their host.</summary>
    public nint Handle => GCHandle.ToIntPtr(_handle);

    public bool TryGrowMemory(ulong current, ulong desired)
    {
        Mix(desired);
        return desired <= MaxMemory;
    }

    public bool TryGrowTable(ulong current, ulong desired)
    {
        Mix(~desired);
        return desired <= 14;
    }

    public void Dispose() => _handle.Free();

    private static FunctionType TypeOf(string parameters, string results) =>
        new([.. parameters.Select(OpcodeInfo.TypeOf)], [.. results.Select(OpcodeInfo.TypeOf)]);

    // Sound: only passes its arguments on.
    [UnmanagedCallersOnly]
    private static unsafe int EnterUnmanaged(InstanceContext* context, int index, ulong* slots) => (int)Enter(context, index, slots);

    // Sound: the context is that of the running instance, whose host state is the handle of its host until that is disposed of, after the
    // instance.
    private static unsafe TrapCode Enter(InstanceContext* context, int index, ulong* slots) =>
        ((FuzzHost)GCHandle.FromIntPtr(context->HostState).Target!).Answer(context, index, slots);

    // Sound: the slots hold the function's arguments and have room for its result, and a memory that is not empty has at least 65,536
    // bytes.
    private unsafe TrapCode Answer(InstanceContext* context, int index, ulong* slots)
    {
        (string _, string parameters, string results) = ModuleGenerator.HostFunctions[index];
        Mix((ulong)index);
        Mix((ulong)context->GasLeft);
        Mix(context->MemoryLength);
        for (int i = 0; i < parameters.Length; i++)
        {
            Mix(parameters[i] is 'i' or 'f' ? (uint)slots[i] : slots[i]);
        }

        if (context->MemoryLength > 0)
        {
            // A host may write to memory, too.
            context->MemoryBase[Digest % 1024] = (byte)Digest;
        }

        context->GasLeft -= 10;
        if (context->GasLeft < 0)
        {
            return TrapCode.OutOfGas;
        }

        if (results != "")
        {
            // The upper half of a narrow result must not matter.
            slots[0] = results == "f" ? Digest & 0xffff_ffff_7f7f_ffff : results == "F" ? Digest & 0x7fef_ffff_ffff_ffff : Digest;
        }

        return _calls++ == 500 ? TrapCode.HostFault : TrapCode.None;
    }

    private void Mix(ulong value) => Digest = System.Numerics.BitOperations.RotateLeft((Digest ^ value) * 0x9e3779b97f4a7c15, 29);
}
