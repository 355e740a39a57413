using System.Globalization;
using Fvm.Vectors;
using Fvm.Wasm;
using Iced.Intel;

namespace Fvm.Cli;

/// <summary>Prints a function in two columns: Wasm instructions on the left, their machine code on the right.</summary>
internal sealed class AssemblyInspection
{
    private const int LeftWidth = 44;
    private const int MaxIndent = 8;
    private const int TableEntrySize = sizeof(int);

    private readonly WasmModule _module;
    private readonly FunctionListing _listing;
    private readonly TextWriter _output;
    private readonly IntelFormatter _formatter;

    private AssemblyInspection(WasmModule module, FunctionListing listing, TextWriter output)
    {
        _module = module;
        _listing = listing;
        _output = output;
        _formatter = new IntelFormatter(new PlaceNames(listing));
        _formatter.Options.FirstOperandCharIndex = 8;
        _formatter.Options.HexPrefix = "0x";
        _formatter.Options.HexSuffix = string.Empty;
        _formatter.Options.UppercaseHex = false;
        _formatter.Options.SpaceAfterOperandSeparator = true;
        _formatter.Options.RipRelativeAddresses = false;
        _formatter.Options.ShowBranchSize = false;
    }

    /// <param name="path">The module's path, for errors.</param>
    /// <param name="bytes">The Wasm module.</param>
    /// <param name="function">The function's index or export name.</param>
    /// <param name="rules">The network version's rules, whose metering is compiled in.</param>
    /// <param name="output">Receives the text.</param>
    /// <exception cref="InvalidModuleException">The module is invalid, or metering rejects it.</exception>
    /// <exception cref="UsageException">The compiler does not support this platform.</exception>
    /// <exception cref="InputException">The module defines no such function.</exception>
    public static void Write(string path, byte[] bytes, string function, NetworkRules rules, TextWriter output)
    {
        if (!CompilerEngine.IsSupported)
        {
            throw new UsageException("--asm: machine code is only generated on Linux on x86-64 processors with BMI2");
        }

        using CompilerEngine engine = new();
        using IWasmCode code = engine.Load(bytes, rules.Modules, rules.Metering);
        int index = Find(path, code.Module, function);
        FunctionListing listing = CompilerEngine.List(code, index)
            ?? throw new InputException($"{path}: the module has functions with very large frames, and is interpreted without machine code");
        new AssemblyInspection(code.Module, listing, output).Write(index);
    }

    private static int Find(string path, WasmModule module, string name)
    {
        int imported = module.ImportedFunctionCount;
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            if (!module.TryFindExport(name, ExternalKind.Function, out index))
            {
                IEnumerable<Export> functions = module.Exports.Where(static export => export.Kind == ExternalKind.Function);
                string[] exports = [.. functions.Select(static export => export.Name)];
                string known = exports.Length == 0 ? "it exports no function" : $"it exports {string.Join(", ", exports.Take(10))}";
                throw new InputException($"{path}: no function \"{name}\": {known}{(exports.Length > 10 ? ", …" : "")}");
            }
        }
        else if (index >= module.FunctionCount)
        {
            throw new InputException($"{path}: no function {index}: {CountText(module)}");
        }

        if (index < imported)
        {
            Import import = module.Imports.Where(static import => import.Kind == ExternalKind.Function).ElementAt(index);
            throw new InputException(
                $"{path}: function {index} is imported ({import.Module}.{import.Name}) and has no code here: {CountText(module)}");
        }

        return index;
    }

    private static string CountText(WasmModule module) => module.Bodies.IsEmpty
        ? "the module defines none"
        : $"the module defines {module.ImportedFunctionCount} to {module.FunctionCount - 1}";

    private void Write(int index)
    {
        FunctionBody body = _module.BodyOf(index);
        string[] names = [.. _module.Exports
            .Where(export => export.Kind == ExternalKind.Function && export.Index == index)
            .Select(static export => $" \"{PrintableText.Of(export.Name)}\"")];
        _output.WriteLine($"function {index}{string.Concat(names)} {_module.TypeOf(index)}");
        _output.WriteLine($"{body.CodeLength:N0} bytes of WebAssembly, {_listing.Code.Length:N0} bytes of machine code");

        IReadOnlyList<InstructionPlace> places = _listing.Instructions;
        int next = 0;
        int indent = 0;
        WriteRows("(entry)", Decode(0, places.Count == 0 ? _listing.Code.Length : places[0].Position));
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            indent -= reader.Opcode is Opcode.End or Opcode.Else ? 1 : 0;
            string left = $"{reader.Offset:x6} {new string(' ', 2 * Math.Clamp(indent, 0, MaxIndent))}{InstructionText.Of(in reader)}";
            indent += reader.Opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else ? 1 : 0;
            if (next < places.Count && places[next].Offset == reader.Offset)
            {
                int start = places[next++].Position;
                WriteRows(left, Decode(start, next < places.Count ? places[next].Position : _listing.Code.Length));
            }
            else
            {
                WriteRows(left, []);
            }
        }
    }

    /// <summary>Disassembles a range of the code. An indirect jump is followed by its table of relative offsets.</summary>
    private List<string> Decode(int start, int end)
    {
        List<string> rows = [];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(_listing.Code, start, end - start));
        decoder.IP = _listing.Address + (ulong)start;
        StringOutput text = new();
        ulong stop = _listing.Address + (ulong)end;
        while (decoder.IP < stop)
        {
            int position = (int)(decoder.IP - _listing.Address);
            decoder.Decode(out Instruction instruction);
            _formatter.Format(in instruction, text);
            rows.Add($"{position:x5}  {text.ToStringAndReset()}");
            if (instruction.FlowControl == FlowControl.IndirectBranch && instruction.Op0Kind == OpKind.Register)
            {
                int table = (int)(decoder.IP - _listing.Address);
                for (int at = table; at < end; at += TableEntrySize)
                {
                    rows.Add($"{at:x5}  → {table + BitConverter.ToInt32(_listing.Code, at):x5}");
                }

                break;
            }
        }

        return rows;
    }

    private void WriteRows(string left, List<string> rows)
    {
        if (rows.Count == 0)
        {
            _output.WriteLine(left);
        }

        foreach (string row in rows)
        {
            _output.WriteLine(left.Length >= LeftWidth ? $"{left} {row}" : $"{left.PadRight(LeftWidth)}{row}");
            left = string.Empty;
        }
    }

    /// <summary>Names addresses outside the function; addresses inside are offsets from its start.</summary>
    private sealed class PlaceNames(FunctionListing listing) : ISymbolResolver
    {
        public bool TryGetSymbol(
            in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
        {
            ulong distance = address - listing.Address;
            string? name = distance < (ulong)listing.Code.Length ? $"{distance:x5}" : listing.Names.GetValueOrDefault(address);
            symbol = name is null ? default : new SymbolResult(address, name);
            return name is not null;
        }
    }
}
