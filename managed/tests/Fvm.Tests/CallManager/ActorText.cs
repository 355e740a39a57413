using System.Globalization;
using System.Text.RegularExpressions;
using Fvm.Wasm;
using Fvm.Wasm.Fuzz;

namespace Fvm.Tests;

/// <summary>
/// Actors written as instructions (see <see cref="CodeText"/>), in which <c>call module.name</c> is a syscall. Results stored at
/// <see cref="Out"/> can be returned with <see cref="ReturnOut"/>. Numbers below are offsets in the memory of the actor.
/// </summary>
internal static partial class ActorText
{
    /// <summary>Offset of collected results.</summary>
    public const int Out = 2_000;

    /// <summary>Offset of data supplied by a test.</summary>
    public const int Data = 4_000;

    private const int Scratch = 3_000;

    /// <summary>Returns no block.</summary>
    public const string ReturnNothing = "i32.const 0";

    /// <summary>Emits an event without entries.</summary>
    public const string EmitEvent =
        "i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 call event.emit_event drop ";

    /// <summary>Loops until the gas is used up.</summary>
    public const string LoopForever = "loop br 0 end i32.const 0";

    /// <summary>
    /// Builds a module: one page of memory by default, an entry point with the given instructions, data at <see cref="Data"/>.
    /// </summary>
    public static byte[] Module(string code, byte[]? data = null, uint pages = 1, string locals = "", Action<ModuleBuilder>? more = null)
    {
        ModuleBuilder module = new();
        code = Import(module, code);
        module.Memory(pages).Export("memory", 0, ExternalKind.Memory);
        int entry = module.Function("i", "i", locals, code);
        module.Export("invoke", entry);
        if (data is not null)
        {
            module.Data(Data, data);
        }

        more?.Invoke(module);
        return module.ToBytes();
    }

    /// <summary>Imports the syscalls called by the code, with their current types.</summary>
    /// <returns>The code with the indices of the imports.</returns>
    public static string Import(ModuleBuilder module, string code)
    {
        Dictionary<string, int> imported = [];
        return Syscall().Replace(code, match =>
        {
            if (!imported.TryGetValue(match.Value, out int index))
            {
                string name = match.Groups[2].Value;
                SyscallRow row = SyscallTable.AllRows.Single(
                    row => row.Module == match.Groups[1].Value && row.Name == name && row.To == NetworkTable.Last);
                string parameters = (row.ResultSize > 0 ? "i" : string.Empty) + row.Parameters.Replace('l', 'I');
                index = module.Import(row.Module, name, parameters, "i");
                imported.Add(match.Value, index);
            }

            return string.Create(CultureInfo.InvariantCulture, $"call {index}");
        });
    }

    /// <summary>
    /// Sends to an address in the data; stores the error number at <see cref="Out"/>, followed by the result of the syscall.
    /// </summary>
    public static string Send(int addressLength, long gasLimit = -1, long flags = 0, long value = 0, int at = Data, int block = 0, int method = 2) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            i32.const {Out}
            i32.const {Out + 4} i32.const {at} i32.const {addressLength} i64.const {method} i32.const {block}
            i64.const 0 i64.const {value} i64.const {gasLimit} i64.const {flags} call send.send
            i32.store

            """);

    /// <summary>Returns bytes as a raw block.</summary>
    public static string Return(int at, int length) => string.Create(CultureInfo.InvariantCulture, $"""
        i32.const {Scratch} i64.const 85 i32.const {at} i32.const {length} call ipld.block_create drop
        i32.const {Scratch} i32.load

        """);

    /// <summary>Returns the bytes at <see cref="Out"/>.</summary>
    public static string ReturnOut(int length = 24) => Return(Out, length);

    /// <summary>Sets the state root to a raw block of given bytes; stores the error number at <see cref="Out"/>.</summary>
    public static string SetRoot(int at, int length) => string.Create(CultureInfo.InvariantCulture, $"""
        i32.const {Scratch} i64.const 85 i32.const {at} i32.const {length} call ipld.block_create drop
        i32.const {Scratch + 4} i32.const {Scratch} i32.load i64.const 45600 i32.const 32 i32.const {Scratch + 8} i32.const 100
        call ipld.block_link drop
        i32.const {Out} i32.const {Scratch + 8} call self.set_root i32.store

        """);

    /// <summary>Exits with an exit code and a block.</summary>
    public static string Exit(int code, int block = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"i32.const {code} i32.const {block} i32.const 0 i32.const 0 call vm.exit drop ");

    [GeneratedRegex(@"\bcall ([a-z]+)\.([a-z_]+)")]
    private static partial Regex Syscall();
}
