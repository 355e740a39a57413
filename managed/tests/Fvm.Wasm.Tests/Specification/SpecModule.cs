using System.Runtime.InteropServices;
using Fvm.Wasm.Fuzz;
using Fvm.Wasmtime;

namespace Fvm.Wasm.Tests;

/// <summary>An instance in a script, with its resolved imports.</summary>
internal sealed unsafe class SpecModule : IResourceLimiter, IDisposable
{
    private readonly List<SpecFunction> _functions = [];
    private readonly List<ulong> _globals = [];
    private readonly GCHandle _handle;
    private Limits? _memory;
    private Limits? _table;

    private SpecModule(IWasmCode code)
    {
        Code = code;
        _handle = GCHandle.Alloc(this);
    }

    public IWasmCode Code { get; }

    public IWasmInstance Instance { get; private set; } = null!;

    /// <summary>
    /// Whether the instance imports a memory, table or mutable global of another, or exports one to another: engines do not support that.
    /// </summary>
    public bool SharesState { get; private set; }

    /// <summary>Whether it calls such an instance, or is one.</summary>
    public bool DependsOnSharedState => SharesState || _functions.Exists(static function => function.Owner is { SharesState: true });

    /// <summary>Loads and links a module; null, with the reason, if linking fails.</summary>
    public static SpecModule? Link(IWasmEngine engine, byte[] wasm, SpecRegistry registry, out string? failure)
    {
        SpecModule module = new(engine.Load(wasm, ModuleRunner.Limits, rules: null));
        foreach (Import import in module.Code.Module.Imports)
        {
            failure = module.Resolve(import, registry);
            if (failure is not null)
            {
                return null;
            }
        }

        if (module.SharesState)
        {
            failure = null;
            return module;
        }

        HostFunction[] functions = module._functions.ConvertAll(static function => function.Declaration).ToArray();
        HostTable host = new(functions, &Enter, &EnterUnmanaged);
        ImportedState imported = new([.. module._globals], module._memory, module._table);
        ILinkedCode? linked = module.Code switch
        {
            CompiledCode compiled => compiled.LinkFunctions(host, imported, out failure),
            WasmtimeCode compiled => compiled.LinkFunctions(host, imported, out failure),
            _ => ((InterpreterCode)module.Code).LinkFunctions(host, imported, out failure),
        };
        if (linked is null)
        {
            return null;
        }

        module.Instance = linked.Instantiate(module, out failure)!;
        if (failure is null)
        {
            module.Instance.Context->HostState = GCHandle.ToIntPtr(module._handle);
        }

        return failure is null ? module : null;
    }

    public TrapCode Call(int function, Span<ulong> slots) => Instance.Call(function, slots);

    public bool TryGrowMemory(ulong current, ulong desired) => true;

    public bool TryGrowTable(ulong current, ulong desired) => true;

    public void Dispose()
    {
        Instance?.Dispose();
        Code.Dispose();
        _handle.Free();
    }

    private static TrapCode Enter(InstanceContext* context, int index, ulong* slots)
    {
        SpecModule module = (SpecModule)GCHandle.FromIntPtr(context->HostState).Target!;
        SpecFunction function = module._functions[index];
        return function.Call(new Span<ulong>(slots, Math.Max(1, function.Declaration.Type.Parameters.Length)));
    }

    [UnmanagedCallersOnly]
    private static int EnterUnmanaged(InstanceContext* context, int index, ulong* slots) => (int)Enter(context, index, slots);

    private string? Resolve(Import import, SpecRegistry registry)
    {
        SpecExport? found = registry.Find(import);
        if (found is null)
        {
            return $"unknown import {import.Module}.{import.Name}";
        }

        switch (import.Kind)
        {
            case ExternalKind.Function:
                _functions.Add(found.Function!);
                return null;
            case ExternalKind.Global:
                if (found.Global!.Value != import.Global)
                {
                    return "incompatible import type";
                }

                ShareIf(import.Global.Mutable, found.Owner);
                _globals.Add(found.GlobalValue);
                return null;
            default:
                if (!Fits(found.Limits!.Value, import.Limits))
                {
                    return "incompatible import type";
                }

                ShareIf(!found.Private, found.Owner);
                _ = import.Kind == ExternalKind.Memory ? _memory = found.Limits : _table = found.Limits;
                return null;
        }
    }

    private void ShareIf(bool shared, SpecModule? owner)
    {
        if (shared)
        {
            SharesState = true;
            owner!.SharesState = true;
        }
    }

    private static bool Fits(Limits actual, Limits wanted) =>
        actual.Minimum >= wanted.Minimum && (wanted.Maximum is null || actual.Maximum <= wanted.Maximum);
}
