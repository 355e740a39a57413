using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>The WebAssembly specification's own tests.</summary>
public sealed class SpecificationTests
{
    // Modules that import a memory, table or mutable global of another instance. The engines link functions only, since the machine's host
    // exports nothing else. Assertions about these modules, and subsequent ones about the instances that own the shared state, are skipped.
    private static readonly Dictionary<string, (string[] Modules, int Assertions)> SharedState = new()
    {
        ["imports"] = (Numbered("imports", 50, 51, 52, 76, 77, 78), 0),
        ["linking"] = (Numbered("linking", 6, 11, 12, 15, 17, 18, 21, 22, 23, 24, 26, 27, 29), 55),
    };

    // Accepted contrary to the suite: since the reference-types proposal, the targets of a br_table in unreachable code may differ in the
    // type of the value, as in the reference's validator.
    private const string DifferentTargetTypes = "line 539, assert_invalid: accepted unreached-invalid.87.wasm: type mismatch";

    [Test]
    public void Script_of_the_specification_passes(
        [ValueSource(nameof(Scripts))] string name, [ValueSource(typeof(TestEngines), nameof(TestEngines.Names))] string engine)
    {
        using SpecScript script = new(Path.Combine(TestSuite.Folder, name), engine);
        script.Run();

        (string[] modules, int assertions) = SharedState.GetValueOrDefault(name, ([], 0));
        Assert.Multiple(() =>
        {
            Assert.That(script.Failures, Is.EqualTo(name == "unreached-invalid" ? new[] { DifferentTargetTypes } : []));
            Assert.That(string.Join(' ', script.Skipped), Is.EqualTo(string.Join(' ', modules)));
            Assert.That(script.SkippedAssertions, Is.EqualTo(assertions));
        });
        TestContext.Out.WriteLine($"{script.Checked} assertions");
    }

    private static string[] Numbered(string script, params int[] modules) =>
        Array.ConvertAll(modules, module => $"{script}.{module}.wasm");

    private static readonly string[] Scripts =
    [
        "address", "align", "binary", "binary-leb128", "block", "br", "br_if", "br_table", "break-drop", "call", "call_indirect",
        "comments", "const", "conversions", "custom", "data", "endianness", "exports", "f32", "f32_bitwise", "f32_cmp", "f64",
        "f64_bitwise", "f64_cmp", "fac", "float_exprs", "float_literals", "float_memory", "float_misc", "forward", "func", "func_ptrs",
        "globals", "i32", "i64", "if", "imports", "inline-module", "int_exprs", "int_literals", "labels", "left-to-right", "linking",
        "load", "local_get", "local_set", "local_tee", "loop", "memory", "memory_copy", "memory_fill", "memory_grow", "memory_init",
        "memory_redundancy", "memory_size", "memory_trap", "names", "nop", "return", "select", "signext_i32", "signext_i64",
        "skip-stack-guard-page", "stack", "start", "store", "switch", "table_copy", "table_init", "token", "traps", "type", "typecheck",
        "unreachable", "unreached-invalid", "unwind", "utf8-custom-section-id", "utf8-import-field", "utf8-import-module",
        "utf8-invalid-encoding",
    ];
}
