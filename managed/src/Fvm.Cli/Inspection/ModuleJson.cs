using System.Text.Json;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Writes a Wasm module's imports, exports, sizes and metering as JSON.</summary>
internal static class ModuleJson
{
    /// <exception cref="InvalidModuleException">The module is invalid, or metering rejects it.</exception>
    public static void Write(Utf8JsonWriter json, byte[] bytes, NetworkRules rules, bool functions)
    {
        using IWasmEngine engine = WasmEngines.Create(Fvm.Vectors.VectorReplayer.DefaultEngine);
        using IWasmCode code = engine.Load(bytes, rules.Modules, rules.Metering);
        WasmModule module = code.Module;
        json.WriteString("kind", "module");
        json.WriteNumber("bytes", module.Bytes.Length);
        json.WriteNumber("code_bytes", module.Bodies.Sum(static body => (long)body.CodeLength));
        json.WriteNumber("data_bytes", module.Data.Sum(static segment => (long)segment.Length));
        json.WriteObjects("imports", module.Imports, (json, import) =>
        {
            json.WriteString("kind", Lower(import.Kind));
            json.WriteString("module", import.Module);
            json.WriteString("name", import.Name);
            json.WriteText("type", import.Kind == ExternalKind.Function ? module.Types[import.TypeIndex].ToString() : null);
        });
        json.WriteObjects("exports", module.Exports, (json, export) =>
        {
            json.WriteString("kind", Lower(export.Kind));
            json.WriteString("name", export.Name);
            json.WriteNumber("index", export.Index);
            json.WriteText("type", export.Kind == ExternalKind.Function ? module.TypeOf(export.Index).ToString() : null);
        });
        json.WriteObjects("memories", module.Memories, WriteLimits);
        json.WriteObjects("tables", module.Tables, WriteLimits);
        json.WriteNumber("globals", module.Globals.Length);
        json.WriteNumberOrNull("start_function", module.StartFunction < 0 ? null : (ulong)module.StartFunction);
        WriteCosts(json, module, rules, functions);
    }

    private static void WriteCosts(Utf8JsonWriter json, WasmModule module, NetworkRules rules, bool functions)
    {
        ModuleMetering metering = ModuleMetering.Analyze(module, rules.Metering);
        json.WriteNumber("network_version", (uint)rules.Version);
        json.WriteNumber("functions", module.Bodies.Length);
        json.WriteNumber("max_stack_height", metering.MaxStackHeight);
        if (!functions)
        {
            return;
        }

        json.WriteObjects("function_costs", Enumerable.Range(module.ImportedFunctionCount, module.Bodies.Length), (json, index) =>
        {
            ModuleInspection.FunctionCost cost = ModuleInspection.CostOf(module, metering, index);
            json.WriteNumber("index", cost.Index);
            json.WriteNumber("bytes", cost.Bytes);
            json.WriteNumber("blocks", cost.Blocks);
            json.WriteNumber("milligas_of_each_block_once", (long)cost.Milligas);
            json.WriteNumber("stack", cost.Stack);
            json.WriteString("type", module.TypeOf(index).ToString());
        });
    }

    private static void WriteLimits(Utf8JsonWriter json, Limits limits)
    {
        json.WriteNumber("minimum", limits.Minimum);
        json.WriteNumberOrNull("maximum", limits.Maximum);
    }

    private static string Lower(ExternalKind kind) => kind.ToString().ToLowerInvariant();
}
