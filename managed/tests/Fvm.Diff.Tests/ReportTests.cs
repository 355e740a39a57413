using System.Text.Json;
using Fvm.Actors;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

public sealed class ReportTests
{
    private static CallStackEntry Call => new() { From = "f01", To = "f02", ToName = "reward", Method = "2", Details = string.Empty };

    private static VectorComparison Hostile => new()
    {
        Name = "<script>alert(1)</script>",
        Status = ComparisonStatus.Different,
        Message = 3,
        Fields = [new FieldDifference("return", "\"><img src=x>", "\u202egnp")],
        Trace = new TraceDivergence(7, TraceOrder.Events, ["[\"log\",\"</pre>\"]"], ["[\"gas\",\"a\",1,2]"], [], [Call], []),
        States = new StateComparison(
            [new StateDifference("f099.state.<i>", "1", "2", null), new StateDifference("f098", null, null, "a block is missing")], true, null),
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
    public void All_forms_show_the_differences_of_states_or_why_there_are_none()
    {
        string text = string.Join('\n', TextReport.Lines(Hostile, "compiler", "cmd:x"));
        Assert.That(text, Does.Contain("the states after the last message, compiler → cmd:x\n    ~ f099.state.<i>: 1 → 2\n"));
        Assert.That(text, Does.Contain("    ? f098: a block is missing\n    and more"));
        HtmlReport page = new("compiler", "cmd:x");
        page.Add(Hostile);
        Assert.That(page.Page(new ComparisonSummary()), Does.Contain("<td>f099.state.&lt;i&gt;<td class=a>1<td class=b>2</tr>"));
        JsonElement states = JsonOf(Hostile).GetProperty("states");
        Assert.That(states.GetProperty("truncated").GetBoolean(), Is.True);
        Assert.That(states.GetProperty("differences")[0].GetProperty("b").GetString(), Is.EqualTo("2"));
        Assert.That(states.GetProperty("differences")[1].GetProperty("problem").GetString(), Is.EqualTo("a block is missing"));

        VectorComparison without = Hostile with { States = new StateComparison([], false, "cmd:x has none") };
        Assert.That(TextReport.Lines(without, "a", "b").Last(), Does.EndWith("differ, and are not compared: cmd:x has none"));
        Assert.That(JsonOf(without).GetProperty("states").GetProperty("note").GetString(), Is.EqualTo("cmd:x has none"));
    }

    private static JsonElement JsonOf(VectorComparison comparison)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            JsonReport.Write(json, comparison);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    [Test]
    public void The_text_shows_the_line_on_both_sides_and_what_comes_before()
    {
        string text = string.Join('\n', TextReport.Lines(Hostile, "compiler", "cmd:x"));
        Assert.That(text, Does.Contain("message 3: return is"));
        Assert.That(text, Does.Contain("       6   [\"log\"").And.Contain("       7 < [\"gas\"").And.Contain("       7 > the trace's end (cmd:x)"));
        Assert.That(text, Does.Contain("f01 → f02 reward, method 2 on compiler").And.Contain("no call on cmd:x"));
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
