using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>scripts/fuzz-mutations identifies the compiler lines that it breaks by their text, so they must exist.</summary>
public sealed class FuzzMutationsTests
{
    private const char Bar = '\x01';

    [Test]
    public void Each_line_that_a_mutation_breaks_is_in_its_file_once()
    {
        string compiler = Repository.PathOf("managed", "src", "Fvm.Wasm", "Compiler");
        int rows = 0;
        foreach (string line in File.ReadLines(Repository.PathOf("scripts", "fuzz-mutations")))
        {
            // A bar within a text is escaped as \|.
            string[] cells = line.Replace("\\|", $"{Bar}", StringComparison.Ordinal).Split('|');
            if (cells.Length == 4 && cells[1].EndsWith(".cs", StringComparison.Ordinal))
            {
                rows++;
                string source = File.ReadAllText(Path.Combine(compiler, cells[1]));
                string broken = cells[2].Replace(Bar, '|');
                Assert.That(source.Split(broken), Has.Length.EqualTo(2), $"{cells[0]}: {cells[1]} must have this text once: {broken}");
            }
        }

        Assert.That(rows, Is.GreaterThan(20), "the rows are found");
    }
}
