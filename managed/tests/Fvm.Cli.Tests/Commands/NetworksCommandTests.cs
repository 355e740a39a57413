using System.Globalization;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class NetworksCommandTests
{
    [Test]
    public void Without_versions_there_is_a_row_for_each()
    {
        string text = Run(ExitStatus.Done);
        foreach (NetworkVersion version in Enum.GetValues<NetworkVersion>())
        {
            Assert.That(text, Does.Match($@"\n\s+{(uint)version}│ [234] "));
        }
    }

    [Test]
    public void Two_versions_are_compared_by_rules_prices_and_syscalls()
    {
        string text = Run(ExitStatus.Done, "17", "18");
        Assert.That(text, Does.Match(@"MaxCallDepth\s+│ 1025\s+│ 1024 "));
        Assert.That(text, Does.Match(@"SendInvokeMethod\s+│\s+-5,377 │\s+75,000 "));
        Assert.That(text, Does.Match(@"BlockCopyPerByte\s+│\s+0.5 │\s+0.4 "));
        Assert.That(text, Does.Match(@"vm.abort\s+│ 17│ \(iii\)\s+\n\s+│ 18│ –"));
        Assert.That(text, Does.Match(@"send.send\s+│ 17│ \(iilill\) → 20 bytes SendUnlimited\s+\n\s+│ 18│ \(iilillll\) → 20 bytes Send "));
        Assert.That(text, Does.Not.Contain("ipld.block_open"), "what does not differ is left out");
    }

    [Test]
    public void Versions_of_one_machine_and_prices_differ_in_their_actors_alone()
    {
        string text = Run(ExitStatus.Done, "22", "23");
        Assert.That(text.Split('\n').Where(static line => line.Contains('│')), Has.Exactly(2).Items);
        Assert.That(text, Does.Match(@"ActorsVersion\s+│ 13\s+│ 14 "));
    }

    [Test]
    public void A_version_does_not_differ_from_itself() => Assert.That(Run(ExitStatus.Done, "28", "28"), Is.EqualTo("nv28 and nv28 do not differ\n"));

    [TestCase("17")]
    [TestCase("17", "18", "19")]
    [TestCase("15", "16")]
    [TestCase("28", "99")]
    [TestCase("skyr", "hygge")]
    public void Other_arguments_are_refused(params string[] versions) => Assert.That(Run(ExitStatus.Unusable, versions), Is.Empty);

    [Test]
    public void Every_comparison_fits_a_terminal_of_80_columns()
    {
        string[] versions = [.. Enum.GetValues<NetworkVersion>().Select(static version => ((uint)version).ToString(CultureInfo.InvariantCulture))];
        Assert.Multiple(() =>
        {
            foreach (string before in versions)
            {
                foreach (string after in versions)
                {
                    string[] lines = Run(ExitStatus.Done, before, after).Split('\n');
                    Assert.That(lines.Where(static line => line.TrimEnd().Length > 80), Is.Empty, $"{before} {after}");
                }
            }
        });
    }

    [Test]
    public void Every_rule_is_shown()
    {
        NetworkRules rules = NetworkRules.For(NetworkVersion.Nv28);
        string[] shown = [.. NetworkFacts.Of(rules).Select(static fact => fact.Name)];
        IEnumerable<string> machine = typeof(MachineRules).GetProperties().Select(static property => property.Name);
        IEnumerable<string> events = typeof(EventRules).GetProperties().Select(static property => "Events." + property.Name);
        IEnumerable<string> prices = typeof(PriceRules).GetProperties().Select(static property => "Prices." + property.Name);
        Assert.That(machine.Concat(events).Concat(prices).Except(shown), Is.Empty);
        Assert.That(shown, Is.Unique);
    }

    private static string Run(int expected, params string[] versions)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter errors = new();
        int status = CommandLine.Run(["networks", .. versions], output, errors);
        Assert.That(status, Is.EqualTo(expected), errors.ToString());
        return output.ToString();
    }
}
