using System.Globalization;
using System.Text;
using Fvm.Files;

namespace Fvm.Wasm.Fuzz;

/// <summary>Writes finds with the information needed to investigate them.</summary>
internal static class FindFolder
{
    /// <summary>Writes the module, the difference, and the next steps.</summary>
    /// <returns>The path of the text file.</returns>
    public static string Write(string folder, FuzzFind find)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"find-{find.Seed}");
        string module = Path.Combine(folder, name + ".wasm");
        string text = Path.Combine(folder, name + ".txt");
        string words =
            $"""
            The engines differ on {name}.wasm with the arguments and gas limits of case {find.Seed} (interpreter first):
              {find.Difference}

            To run it:                scripts/fuzz-engines --module {module} --seed {find.Seed}
            To see its machine code:  scripts/fvm inspect --functions {module}
            To make it a test, when it is mended: copy {name}.wasm to managed/tests/Fvm.Wasm.Tests/Compiler/Finds, under the next number
            and a name that says what was wrong: NNNN-what-was-wrong-{find.Seed}.wasm. The tests run every module there.

            {ModuleText.Of(find.Module)}
            """;
        AtomicFile.Write(module, file => file.Write(find.Module));
        AtomicFile.Write(text, file => file.Write(Encoding.UTF8.GetBytes(words)));
        return text;
    }
}
