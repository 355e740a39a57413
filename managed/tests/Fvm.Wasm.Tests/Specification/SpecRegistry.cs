namespace Fvm.Wasm.Tests;

/// <summary>The modules registered by a script, and the suite's own module <c>spectest</c>.</summary>
internal sealed unsafe class SpecRegistry
{
    private const string Host = "spectest";

    private readonly Dictionary<string, SpecModule> _modules = [];

    public void Register(string name, SpecModule module) => _modules[name] = module;

    /// <summary>The export for an import, whatever its type; null if no export has that name and kind.</summary>
    public SpecExport? Find(Import import)
    {
        if (import.Module == Host)
        {
            return FindInHost(import);
        }

        if (!_modules.TryGetValue(import.Module, out SpecModule? owner) ||
            !owner.Code.Module.TryFindExport(import.Name, import.Kind, out int index))
        {
            return null;
        }

        WasmModule module = owner.Code.Module;
        switch (import.Kind)
        {
            case ExternalKind.Function:
                HostFunction declaration = new(import.Module, import.Name, module.TypeOf(index));
                return new SpecExport(import.Kind) { Function = new SpecFunction(declaration, owner, index) };
            case ExternalKind.Global:
                return new SpecExport(import.Kind)
                {
                    Owner = owner,
                    Global = module.Globals[index].Type,
                    GlobalValue = owner.Instance is null ? 0 : owner.Instance.Context->Globals[index],
                };
            case ExternalKind.Memory:
                return new SpecExport(import.Kind) { Owner = owner, Limits = module.Memories[index] };
            default:
                return new SpecExport(import.Kind) { Owner = owner, Limits = module.Tables[index] };
        }
    }

    private static SpecExport? FindInHost(Import import) => (import.Kind, import.Name) switch
    {
        (ExternalKind.Function, "print") => Function(import),
        (ExternalKind.Function, "print_i32") => Function(import, ValueKind.I32),
        (ExternalKind.Function, "print_i64") => Function(import, ValueKind.I64),
        (ExternalKind.Function, "print_f32") => Function(import, ValueKind.F32),
        (ExternalKind.Function, "print_f64") => Function(import, ValueKind.F64),
        (ExternalKind.Function, "print_i32_f32") => Function(import, ValueKind.I32, ValueKind.F32),
        (ExternalKind.Function, "print_f64_f64") => Function(import, ValueKind.F64, ValueKind.F64),
        (ExternalKind.Global, "global_i32") => Global(ValueKind.I32, 666),
        (ExternalKind.Global, "global_i64") => Global(ValueKind.I64, 666),
        (ExternalKind.Global, "global_f32") => Global(ValueKind.F32, BitConverter.SingleToUInt32Bits(666)),
        (ExternalKind.Global, "global_f64") => Global(ValueKind.F64, BitConverter.DoubleToUInt64Bits(666)),
        (ExternalKind.Memory, "memory") => new SpecExport(import.Kind) { Limits = new Limits(1, 2), Private = true },
        (ExternalKind.Table, "table") => new SpecExport(import.Kind) { Limits = new Limits(10, 20), Private = true },
        _ => null,
    };

    private static SpecExport Function(Import import, params ValueKind[] parameters) => new(ExternalKind.Function)
    {
        Function = new SpecFunction(new HostFunction(import.Module, import.Name, new FunctionType([.. parameters], [])), null, 0),
    };

    private static SpecExport Global(ValueKind kind, ulong value) =>
        new(ExternalKind.Global) { Global = new GlobalType(kind, false), GlobalValue = value };
}
