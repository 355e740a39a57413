using System.Globalization;
using System.Text.Json;
using Fvm.Wasm.Fuzz;

namespace Fvm.Wasm.Tests;

/// <summary>Runs one script of the suite and collects its failures.</summary>
internal sealed class SpecScript(string folder, string engine) : IDisposable
{
    private readonly IWasmEngine _engine = TestEngines.Create(engine);
    private readonly SpecRegistry _registry = new();
    private readonly Dictionary<string, SpecModule> _named = [];
    private readonly List<SpecModule> _all = [];
    private SpecModule? _current;

    /// <summary>The failures, one per line.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Modules skipped because they share a memory, table or mutable global with another.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>Number of assertions about such modules.</summary>
    public int SkippedAssertions { get; private set; }

    /// <summary>Number of assertions checked.</summary>
    public int Checked { get; private set; }

    public void Run()
    {
        string json = File.ReadAllText(Path.Combine(folder, Path.GetFileName(folder) + ".json"));
        foreach (JsonElement command in JsonDocument.Parse(json).RootElement.GetProperty("commands").EnumerateArray())
        {
            string? failure = Run(command);
            if (failure is not null)
            {
                Failures.Add($"line {command.GetProperty("line").GetInt32()}, {Text(command, "type")}: {failure}");
            }
        }
    }

    public void Dispose()
    {
        _all.ForEach(static module => module.Dispose());
        _engine.Dispose();
    }

    private string? Run(JsonElement command)
    {
        switch (Text(command, "type"))
        {
            case "module":
                return Instantiate(command);
            case "register":
                _registry.Register(Text(command, "as")!, Target(command)!);
                return null;
            case "action":
                return Expect(command, TrapCode.None, []);
            case "assert_return":
                return Expect(command, TrapCode.None, [.. command.GetProperty("expected").EnumerateArray()]);
            case "assert_trap":
                return Expect(command, SpecTraps.Of(Text(command, "text")!), []);
            case "assert_exhaustion":
                return Expect(command, TrapCode.HostStackOverflow, []);
            case "assert_malformed" or "assert_invalid":
                return ExpectInvalid(command);
            case "assert_unlinkable":
                return ExpectUnlinkable(command);
            case "assert_uninstantiable":
                return ExpectUninstantiable(command);
            default:
                return "unknown command";
        }
    }

    private byte[] Read(JsonElement command) => File.ReadAllBytes(Path.Combine(folder, Text(command, "filename")!));

    private string? Instantiate(JsonElement command)
    {
        _current = null;
        SpecModule? module;
        try
        {
            module = SpecModule.Link(_engine, Read(command), _registry, out string? failure);
            if (module is null)
            {
                return failure;
            }
        }
        catch (InvalidModuleException e)
        {
            return e.Message;
        }

        _current = module;
        _all.Add(module);
        if (Text(command, "name") is string name)
        {
            _named[name] = module;
        }

        if (module.SharesState)
        {
            Skipped.Add(Text(command, "filename")!);
            return null;
        }

        TrapCode trap = module.Instance.Initialize();
        return trap == TrapCode.None ? null : $"trap {trap}";
    }

    private string? ExpectInvalid(JsonElement command)
    {
        if (Text(command, "module_type") == "text")
        {
            return null;
        }

        Checked++;
        try
        {
            _engine.Load(Read(command), ModuleRunner.Limits, rules: null).Dispose();
            return $"accepted {Text(command, "filename")}: {Text(command, "text")}";
        }
        catch (InvalidModuleException)
        {
            return null;
        }
    }

    private string? ExpectUnlinkable(JsonElement command)
    {
        Checked++;
        using SpecModule? module = SpecModule.Link(_engine, Read(command), _registry, out _);
        return module is null ? null : "linked";
    }

    private string? ExpectUninstantiable(JsonElement command)
    {
        SpecModule? module = SpecModule.Link(_engine, Read(command), _registry, out string? failure);
        if (module is null)
        {
            return failure;
        }

        _all.Add(module);
        if (module.SharesState)
        {
            Skipped.Add(Text(command, "filename")!);
            return null;
        }

        Checked++;
        TrapCode expected = SpecTraps.Of(Text(command, "text")!);
        TrapCode trap = module.Instance.Initialize();
        return SpecTraps.Same(expected, trap) ? null : $"expected {expected}, got {trap}";
    }

    private unsafe string? Expect(JsonElement command, TrapCode expected, JsonElement[] results)
    {
        JsonElement action = command.GetProperty("action");
        SpecModule? module = Target(action, "module");
        if (module is null)
        {
            return "the module is missing";
        }

        if (module.DependsOnSharedState)
        {
            SkippedAssertions++;
            return null;
        }

        Checked++;
        string field = Text(action, "field")!;
        Span<ulong> slots = stackalloc ulong[32];
        if (Text(action, "type") == "get")
        {
            module.Code.Module.TryFindExport(field, ExternalKind.Global, out int global);
            slots[0] = module.Instance.Context->Globals[global];
        }
        else
        {
            if (!module.Code.Module.TryFindExport(field, ExternalKind.Function, out int function))
            {
                return $"no function {field}";
            }

            int count = 0;
            foreach (JsonElement argument in action.GetProperty("args").EnumerateArray())
            {
                slots[count++] = ulong.Parse(Text(argument, "value")!, CultureInfo.InvariantCulture);
            }

            module.Instance.Context->StackHeight = 0;
            TrapCode trap = module.Call(function, slots[..Math.Max(count, 1)]);
            if (!SpecTraps.Same(expected, trap))
            {
                return $"{field}: expected {expected}, got {trap}";
            }
        }

        return results.Length == 0 || SpecValues.Matches(results[0], slots[0]) ? null : $"{field}: expected {results[0]}, got {slots[0]:x}";
    }

    private SpecModule? Target(JsonElement element, string property = "name") =>
        Text(element, property) is string name ? _named.GetValueOrDefault(name) : _current;

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;
}
