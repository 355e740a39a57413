using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

public sealed class ReportTests
{
    private static VectorComparison Hostile => new()
    {
        Name = "<script>alert(1)</script>",
        Status = ComparisonStatus.Different,
        Message = 3,
        Fields = [new FieldDifference("return", "\"><img src=x>", "\u202egnp")],
        Trace = new TraceDivergence(7, TraceOrder.Events, ["[\"log\",\"</pre>\"]"], ["[\"gas\",\"a\",1,2]"], [], ["f01 → f02"], []),
    };

    [Test]
    public void The_page_escapes_everything_and_needs_no_other_file()
    {
        HtmlReport report = new("compiler", "cmd:<b>");
        ComparisonSummary summary = new();
        summary.Add(Hostile);
        report.Add(Hostile);
        string page = report.Page(summary);
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("<img").And.Not.Contain("</pre>\"").And.Not.Contain("\u202e"));
        Assert.That(page, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("<b>").And.Not.Contain("url("));
        Assert.That(page, Does.Contain("&lt;script&gt;").And.Contain("message 3").And.Contain("prefers-color-scheme: dark"));
        Assert.That(page, Does.Contain("0 same, 1 different, 0 unusable, 0 skipped"));
    }

    [Test]
    public void The_text_shows_the_line_on_both_sides_and_what_comes_before()
    {
        string text = string.Join('\n', TextReport.Lines(Hostile, "compiler", "cmd:x"));
        Assert.That(text, Does.Contain("message 3: return is"));
        Assert.That(text, Does.Contain("       6   [\"log\"").And.Contain("       7 < [\"gas\"").And.Contain("       7 > the trace's end (cmd:x)"));
        Assert.That(text, Does.Contain("f01 → f02 on compiler").And.Contain("no call on cmd:x"));
    }

    [Test]
    public void States_are_written_with_the_blocks_of_the_vector_and_the_new_ones()
    {
        string folder = Directory.CreateTempSubdirectory("fvm-diff-tests-").FullName;
        try
        {
            VectorCase item = SharedVectors.Counter;
            using EngineSide side = new("interpreter", new ReplaySettings { Engine = "interpreter" });
            SideRun run = Fvm.ExecutionThread.Run(() => side.Run([item])[0]);
            Assert.That(run.Failure, Is.Null);
            VectorComparison comparison = RunComparer.Compare(item, run, run with { StateRoot = item.Vector.PreRoot });
            IReadOnlyList<string> paths = new StateFiles(folder).Write(comparison);
            Assert.That(paths.Select(static path => Path.GetFileName(path)), Is.EqualTo((string[])["001.a.car", "001.b.car"]));
            using Ipld.CarStore a = CarBlocks.Open(paths[0]);
            Assert.That(a.Roots.Single().ToString(), Is.EqualTo(run.StateRoot));
            Assert.That(a.Has(a.Roots[0]), Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
