using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>
/// Modules that import globals. The reference's instrumentation miscounts there: the gas counter is an additional imported global, and
/// every global index is shifted up by one, those of imported globals included; and the stack-height bookkeeping refers to a global by an
/// index that leaves imports out. The result is validated again, so most such modules are refused.
/// </summary>
internal static class ImportedGlobals
{
    /// <summary>Refuses a module that the reference refuses after instrumentation.</summary>
    /// <exception cref="InvalidModuleException">The instrumented module would not be valid.</exception>
    public static void Check(WasmModule module)
    {
        int imported = module.ImportedGlobalCount;
        if (imported == 0)
        {
            return;
        }

        ImmutableArray<Global> moved = Move(module);
        FunctionValidator.ValidateAll(module, moved);

        // In the shifted index space the height's global comes last; the bookkeeping's index is the number of defined globals.
        int named = module.Globals.Length - imported;
        bool isHeight = named >= moved.Length;
        if (!isHeight && moved[named].Type is not { Type: ValueKind.I32, Mutable: true } && HasBookkeeping(module))
        {
            throw new InvalidModuleException("the stack height would be kept in a global of another type", "global", 0);
        }
    }

    /// <summary>Per global index in the original code, the global that the instrumented code accesses.</summary>
    private static ImmutableArray<Global> Move(WasmModule module)
    {
        int imported = module.ImportedGlobalCount;
        ImmutableArray<Global>.Builder moved = ImmutableArray.CreateBuilder<Global>(module.Globals.Length);
        moved.AddRange(module.Globals, module.Globals.Length);
        for (int i = 0; i < imported - 1; i++)
        {
            moved[i] = module.Globals[i + 1];
        }

        moved[imported - 1] = new Global(new GlobalType(ValueKind.I64, Mutable: true), null);
        return moved.MoveToImmutable();
    }

    // Direct calls, and thunks of functions called from outside or through the table, count the stack height.
    private static bool HasBookkeeping(WasmModule module)
    {
        if (module.StartFunction >= module.ImportedFunctionCount)
        {
            return true;
        }

        foreach (Export export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function && !module.IsImported(export.Index))
            {
                return true;
            }
        }

        foreach (ElementSegment segment in module.Elements)
        {
            foreach (int function in segment.Functions)
            {
                if (!module.IsImported(function))
                {
                    return true;
                }
            }
        }

        foreach (FunctionBody body in module.Bodies)
        {
            InstructionReader reader = new(module.Bytes.Span, body);
            while (reader.MoveNext())
            {
                if (reader.Opcode == Opcode.Call && !module.IsImported((int)reader.Index))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
