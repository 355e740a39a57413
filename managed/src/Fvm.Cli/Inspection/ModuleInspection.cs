using System.Globalization;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Prints a Wasm module's imports, exports, sizes and metering.</summary>
internal static class ModuleInspection
{
    private const int HeaviestShown = 5;
    private const decimal MilliPerGas = 1000m;

    /// <exception cref="InvalidModuleException">The module is invalid, or metering rejects it.</exception>
    public static void Write(byte[] bytes, NetworkRules rules, bool functions, TextWriter output)
    {
        using IWasmEngine engine = WasmEngines.Create(Fvm.Vectors.VectorReplayer.DefaultEngine);
        using IWasmCode code = engine.Load(bytes, rules.Modules, rules.Metering);
        WasmModule module = code.Module;
        WriteSizes(module, output);
        output.WriteLine("Imports");
        foreach (Import import in module.Imports)
        {
            string type = import.Kind == ExternalKind.Function ? $" {module.Types[import.TypeIndex]}" : string.Empty;
            string kind = import.Kind.ToString().ToLowerInvariant();
            output.WriteLine($"  {kind} {PrintableText.Of(import.Module)}.{PrintableText.Of(import.Name)}{type}");
        }

        output.WriteLine("Exports");
        foreach (Export export in module.Exports)
        {
            string type = export.Kind == ExternalKind.Function ? $" {module.TypeOf(export.Index)}" : string.Empty;
            output.WriteLine($"  {export.Kind.ToString().ToLowerInvariant()} {PrintableText.Of(export.Name)} = {export.Index}{type}");
        }

        WriteCosts(module, rules, functions, output);
    }

    private static void WriteSizes(WasmModule module, TextWriter output)
    {
        output.WriteLine("Module");
        Field(output, "size", $"{module.Bytes.Length:N0} bytes");
        Field(output, "code", $"{module.Bodies.Sum(body => (long)body.CodeLength):N0} bytes in {module.Bodies.Length} functions");
        Field(output, "data", $"{module.Data.Sum(segment => (long)segment.Length):N0} bytes in {module.Data.Length} segments");
        foreach (Limits memory in module.Memories)
        {
            Field(output, "memory", $"{LimitsText(memory)} pages of 64 KiB");
        }

        foreach (Limits table in module.Tables)
        {
            Field(output, "table", $"{LimitsText(table)} elements");
        }

        Field(output, "globals", $"{module.Globals.Length}");
        Field(output, "start function", module.StartFunction < 0 ? "none" : $"{module.StartFunction}");
    }

    private static void WriteCosts(WasmModule module, NetworkRules rules, bool functions, TextWriter output)
    {
        ModuleMetering metering = ModuleMetering.Analyze(module, rules.Metering);
        IEnumerable<int> defined = Enumerable.Range(module.ImportedFunctionCount, module.Bodies.Length);
        List<FunctionCost> costs = [.. defined.Select(index => CostOf(module, metering, index))];
        output.WriteLine($"Gas at network version {(uint)rules.Version}");
        Field(output, "blocks", $"{costs.Sum(cost => cost.Blocks):N0}, charged for one by one");
        Field(output, "each once", $"{costs.Sum(cost => cost.Gas):N3} gas for running each block once");
        if (module.TryFindExport("invoke", ExternalKind.Function, out int invoke) && !module.IsImported(invoke))
        {
            Field(output, "entering", $"{metering.ThunkCost(invoke) / MilliPerGas:N3} gas for entering invoke");
        }

        uint highest = costs.Select(static cost => cost.Stack).DefaultIfEmpty().Max();
        Field(output, "stack", $"at most {metering.MaxStackHeight} high; a function takes up to {highest}");
        output.WriteLine(functions ? "Functions" : "Heaviest functions");
        IEnumerable<FunctionCost> shown = functions ? costs : costs.OrderByDescending(cost => cost.Gas).Take(HeaviestShown);
        foreach (FunctionCost cost in shown)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"  {cost.Index,6}  {cost.Bytes,8:N0} bytes  {cost.Blocks,6:N0} blocks  {cost.Gas,12:N3} gas  "
                + $"stack {cost.Stack,4}  {module.TypeOf(cost.Index)}");
            output.WriteLine(line);
        }
    }

    internal static FunctionCost CostOf(WasmModule module, ModuleMetering metering, int index)
    {
        FunctionMetering function = metering.Of(index);
        decimal milligas = 0;
        foreach (BlockCharge block in function.Blocks)
        {
            milligas += block.Cost;
        }

        return new FunctionCost(index, module.BodyOf(index).CodeLength, function.Blocks.Length, milligas, function.StackCost);
    }

    private static string LimitsText(Limits limits) =>
        limits.Maximum is uint maximum ? $"{limits.Minimum:N0} to {maximum:N0}" : $"{limits.Minimum:N0} or more";

    private static void Field(TextWriter output, string name, string value) => output.WriteLine($"  {name,-15} {value}");

    internal readonly record struct FunctionCost(int Index, int Bytes, int Blocks, decimal Milligas, uint Stack)
    {
        public decimal Gas => Milligas / MilliPerGas;
    }
}
