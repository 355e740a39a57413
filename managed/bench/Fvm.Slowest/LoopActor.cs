using System.Globalization;
using System.Text.RegularExpressions;
using Fvm.Wasm;
using Fvm.Wasm.Fuzz;

namespace Fvm.Slowest;

/// <summary>Actors with a loop; the method number of the message is the number of rounds.</summary>
internal static partial class LoopActor
{
    /// <summary>Address of the results of syscalls.</summary>
    public const int Result = 128;

    /// <summary>Start address of a loop's data.</summary>
    public const int Data = 4096;

    // Offset of the method number in the result of message_context.
    private const int Method = 32;

    /// <summary>The actor's module.</summary>
    public static byte[] Module(Loop loop) => Module(
        $$"""
        i32.const 0 call vm.message_context drop i32.const 0 i64.load {{Method}} local.set 1
        {{loop.Setup}}
        loop
          {{loop.Body}}
          local.get 1 i64.const 1 i64.sub local.tee 1 i64.eqz i32.eqz br_if 0
        end
        {{loop.After}}
        i32.const 0
        """,
        "I" + loop.Locals,
        loop.Pages,
        loop.Content,
        loop.More);

    /// <summary>A module whose entry point runs the given code, which leaves the id of the return block on the stack.</summary>
    public static byte[] Module(string code, string locals = "", uint pages = 1, byte[]? content = null, Action<ModuleBuilder>? more = null)
    {
        ModuleBuilder module = new();
        code = Import(module, code);
        module.Memory(pages).Export("memory", 0, ExternalKind.Memory);
        module.Export("invoke", module.Function("i", "i", locals, code));
        if (content is { Length: > 0 })
        {
            module.Data(Data, content);
        }

        more?.Invoke(module);
        return module.ToBytes();
    }

    // Imports the syscalls called by the code, and substitutes their indices.
    private static string Import(ModuleBuilder module, string code)
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

    [GeneratedRegex(@"\bcall ([a-z]+)\.([a-z_]+)")]
    private static partial Regex Syscall();
}
