namespace Fvm.Wasm;

/// <summary>
/// Reasons for which the reference refuses a valid module during instrumentation, or when the result is validated again: required sections,
/// initialisers unknown to its passes, and the module limits, which apply to the instrumented module too. The size of a function body is
/// not among them: the reference's parsers declare a limit of 128 KiB, and none of them checks it.
/// </summary>
internal sealed class InstrumentationLimits
{
    private const string Section = "code";

    private readonly WasmModule _module;
    private readonly int _thunks;

    private InstrumentationLimits(WasmModule module, int thunks)
    {
        _module = module;
        _thunks = thunks;
    }

    /// <summary>Checks all that does not depend on function bodies.</summary>
    /// <exception cref="InvalidModuleException">The module cannot be instrumented.</exception>
    public static InstrumentationLimits Check(WasmModule module)
    {
        InstrumentedSections.Check(module.Bytes.Span);
        foreach (Import import in module.Imports)
        {
            if (import is { Kind: ExternalKind.Global, Module: "gas", Name: "gas_counter" })
            {
                throw new InvalidModuleException("the gas counter may not be imported", "import", 0);
            }
        }

        foreach (DataSegment segment in module.Data)
        {
            if (segment.Mode == SegmentMode.Active && segment.Offset.Opcode != Opcode.I32Const)
            {
                throw new InvalidModuleException("the offset of a data segment must be a constant", "data", segment.Start);
            }
        }

        InstrumentationLimits limits = new(module, CountThunks(module));
        RequireAtMost(module.FunctionCount + limits._thunks + 1, module.Limits.Functions, "functions once metered", "function");
        RequireAtMost(module.Globals.Length + 2, module.Limits.Globals, "globals once metered", "global");
        return limits;
    }

    /// <summary>Checks the number of locals, those added by the metering included.</summary>
    /// <exception cref="InvalidModuleException">There are too many.</exception>
    public void CheckLocals(FunctionBody body, int additional)
    {
        int locals = _module.Types[body.TypeIndex].Parameters.Length + DeclaredLocals(body) + additional;
        RequireAtMost(locals, _module.Limits.Locals, "locals once metered", Section, body.CodeStart);
    }

    internal static int DeclaredLocals(FunctionBody body)
    {
        int count = 0;
        foreach (LocalGroup group in body.LocalGroups)
        {
            count += (int)group.Count;
        }

        return count;
    }

    private static int CountThunks(WasmModule module)
    {
        bool[] entered = new bool[module.FunctionCount];
        int count = 0;
        void Enter(int function)
        {
            if (function >= module.ImportedFunctionCount && !entered[function])
            {
                entered[function] = true;
                count++;
            }
        }

        foreach (Export export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function)
            {
                Enter(export.Index);
            }
        }

        foreach (ElementSegment segment in module.Elements)
        {
            foreach (int function in segment.Functions)
            {
                Enter(function);
            }
        }

        Enter(module.StartFunction);
        return count;
    }

    private static void RequireAtMost(long count, int limit, string what, string section, int offset = 0)
    {
        if (count > limit)
        {
            throw new InvalidModuleException($"{count} {what}: more than the limit of {limit}", section, offset);
        }
    }
}
