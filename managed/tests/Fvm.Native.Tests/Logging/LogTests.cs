using System.Text;
using System.Text.Json;

namespace Fvm.Native.Tests;

public sealed class LogTests
{
    [TestCase(null, "fvm", 0)]
    [TestCase("", "fvm", 0)]
    [TestCase("debug", "fvm", 4)]
    [TestCase("DEBUG", "fvm", 4)]
    [TestCase("fvm", "fvm", 5)]
    [TestCase("fvm=", "fvm", 5)]
    [TestCase("fvm=warn", "fvm::proofs", 2)]
    [TestCase("warn,fvm=trace", "fvm", 5)]
    [TestCase("fvm=trace,warn", "fvm", 5)]
    [TestCase("trace,fvm=off", "fvm", 0)]
    [TestCase("other=trace", "fvm", 0)]
    [TestCase("nonsense", "fvm", 0)]
    [TestCase(",,info,", "fvm", 3)]
    [TestCase("info/pattern", "fvm", 3)]
    public void Directives_decide_what_is_shown(string? text, string target, int most)
    {
        LogFilter filter = LogFilter.Parse(text);

        Assert.That(filter.Problem, Is.Null);
        for (LogLevel level = LogLevel.Error; level <= LogLevel.Trace; level++)
        {
            Assert.That(filter.Shows(target, level), Is.EqualTo((int)level <= most), level.ToString());
        }
    }

    [TestCase("fvm=loud")]
    [TestCase("a=b=c")]
    [TestCase("two words")]
    [TestCase("info,fvm=1")]
    public void Malformed_directives_are_a_problem_and_show_nothing(string text)
    {
        LogFilter filter = LogFilter.Parse(text);

        Assert.That(filter.Problem, Does.Contain("RUST_LOG"));
        Assert.That(filter.Shows("fvm", LogLevel.Error), Is.False);
    }

    [Test]
    public void A_line_of_text_is_one_line_and_moves_no_cursor()
    {
        List<byte[]> lines = [];
        Log log = new(LogFilter.Parse("info"), asJson: false, lines.Add);

        log.Write(LogLevel.Info, "wrote artifact: \u001b[2J\r\nfvm: all is well\u202e");

        Assert.That(Encoding.UTF8.GetString(lines.Single()), Does.EndWith(" INFO fvm > wrote artifact: \\u001b[2J\\r\\nfvm: all is well\\u202e\n"));
    }

    [Test]
    public void A_line_of_JSON_is_JSON_whatever_its_text()
    {
        List<byte[]> lines = [];
        Log log = new(LogFilter.Parse("info"), asJson: true, lines.Add);

        log.Write(LogLevel.Info, "a \"quoted\" \\ text\nwith a line's end and \u0001");
        log.Write(LogLevel.Debug, "not shown");

        Assert.That(lines, Has.Count.EqualTo(1));
        using JsonDocument json = JsonDocument.Parse(lines[0]);
        Assert.That(json.RootElement.GetProperty("level").GetString(), Is.EqualTo("info"));
        Assert.That(json.RootElement.GetProperty("msg").GetString(), Does.StartWith("a \"quoted\" \\ text\n"));
    }

    [Test]
    public void A_line_of_text_ends_with_one_end()
    {
        List<byte[]> lines = [];
        Log log = new(LogFilter.Parse("info"), asJson: false, lines.Add);

        log.Write(LogLevel.Warn, "look");

        Assert.That(Encoding.UTF8.GetString(lines[0]), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} WARN fvm > look\n$"));
    }
}
