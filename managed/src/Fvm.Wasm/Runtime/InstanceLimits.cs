namespace Fvm.Wasm;

/// <summary>
/// Limits of an instance's initial size: at load, the reference's pooling allocator and compiler refuse modules beyond them.
/// </summary>
internal static class InstanceLimits
{
    // Wasmtime's layout of an instance on a 64-bit machine.
    private const long FixedSize = 160 + 48;
    private const long ImportSize = 24;
    private const long MemorySize = 24;
    private const long TableSize = 16;
    private const long GlobalSize = 16;
    private const long FunctionReferenceSize = 32;

    /// <exception cref="InvalidModuleException">The memory, the table, the instance or a branch table is too large.</exception>
    public static void Check(WasmModule module)
    {
        foreach (Limits memory in module.Memories)
        {
            if (memory.Minimum > module.Limits.InstancePages)
            {
                throw new InvalidModuleException($"memory starts with more than {module.Limits.InstancePages} pages", "memory", 0);
            }
        }

        foreach (Limits table in module.Tables)
        {
            if (table.Minimum > module.Limits.InstanceElements)
            {
                throw new InvalidModuleException($"table starts with more than {module.Limits.InstanceElements} elements", "table", 0);
            }
        }

        CheckBranchTables(module);
        long size = InstanceSize(module);
        if (size > module.Limits.InstanceBytes)
        {
            throw new InvalidModuleException($"an instance takes {size} bytes: more than {module.Limits.InstanceBytes}", "module", 0);
        }
    }

    /// <summary>The reference's compiler refuses a larger <c>br_table</c>, even in unreachable code.</summary>
    private static void CheckBranchTables(WasmModule module)
    {
        uint most = module.Limits.BranchTargets;
        foreach (FunctionBody body in module.Bodies)
        {
            // A target takes at least one byte.
            if (body.CodeLength <= most)
            {
                continue;
            }

            InstructionReader instruction = new(module.Bytes.Span, body);
            while (instruction.MoveNext())
            {
                if (instruction.Opcode == Opcode.BrTable && instruction.Index > most)
                {
                    throw instruction.Error($"br_table has {instruction.Index} targets: more than {most}");
                }
            }
        }
    }

    /// <summary>Size in bytes of an instance of the instrumented module, with one more imported and one more defined global.</summary>
    private static long InstanceSize(WasmModule module)
    {
        int importedMemories = 0;
        int importedTables = 0;
        foreach (Import import in module.Imports)
        {
            importedMemories += import.Kind == ExternalKind.Memory ? 1 : 0;
            importedTables += import.Kind == ExternalKind.Table ? 1 : 0;
        }

        long size = FixedSize + (ImportSize * (module.Imports.Length + 1)) + (MemorySize * (module.Memories.Length - importedMemories)) +
            (TableSize * (module.Tables.Length - importedTables));
        size = (size + 15) & ~15L;
        size += GlobalSize * (module.Globals.Length - module.ImportedGlobalCount + 1);
        return size + (FunctionReferenceSize * CountReferences(module));
    }

    /// <summary>
    /// Functions with possible references: all imported ones; the thunks of exported functions, of those in element segments and of the
    /// start function; and, without a thunk, functions named by initialisers of globals.
    /// </summary>
    private static int CountReferences(WasmModule module)
    {
        HashSet<int> thunks = [];
        HashSet<int> direct = [];
        foreach (Export export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function)
            {
                thunks.Add(export.Index);
            }
        }

        foreach (ElementSegment segment in module.Elements)
        {
            thunks.UnionWith(segment.Functions);
        }

        thunks.Add(module.StartFunction);
        foreach (Global global in module.Globals)
        {
            if (global.Initial is { Opcode: Opcode.RefFunc, Bits: ulong function })
            {
                direct.Add((int)function);
            }
        }

        // Imported functions count once, and are their own thunks.
        thunks.RemoveWhere(function => function < module.ImportedFunctionCount);
        direct.RemoveWhere(function => function < module.ImportedFunctionCount);
        return module.ImportedFunctionCount + thunks.Count + direct.Count;
    }
}
