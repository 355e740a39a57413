using System.Globalization;
using System.Text;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>All prices of all lists side by side, against the reference's lists.</summary>
public sealed class PriceTableTests
{
    private const string Pinned = "prices.txt";

    private static IReadOnlyList<PriceList> Lists => [.. NetworkTable.All.ToArray().Select(static rules => rules.Prices).Distinct()];

    [Test]
    public void Every_price_of_every_network_version_is_pinned()
    {
        string pinned = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Gas", Pinned));
        string actual = Print();
        if (actual != pinned)
        {
            File.WriteAllText(Path.Combine(TestContext.CurrentContext.WorkDirectory, Pinned), actual);
        }

        Assert.That(actual, Is.EqualTo(pinned), $"what holds now is in {TestContext.CurrentContext.WorkDirectory}/{Pinned}");
    }

    [Test]
    public void A_list_states_what_it_changes_and_nothing_else()
    {
        PriceList teep = PriceTable.Teep;
        Assert.That(() => teep.Change("Next", teep.Rules, [(Price.HostCall, 14_000_000)]), Throws.ArgumentException);
        PriceList next = teep.Change("Next", teep.Rules, [(Price.HostCall, 15_000_000)]);
        Price[] different = [.. Enum.GetValues<Price>().Where(price => next.MilliOf(price) != teep.MilliOf(price))];
        Assert.That(different, Is.EqualTo(new[] { Price.HostCall }));
        Assert.That(next.OnSyscall().Compute, Is.EqualTo(Gas.Of(15_000)));
    }

    // The table in the file beside this one: a row per price, a column per list, with the versions of each list as the head.
    private static string Print()
    {
        StringBuilder text = new("Milligas per price list.");
        foreach (PriceList list in Lists)
        {
            NetworkVersion[] versions = [.. NetworkTable.All.ToArray().Where(rules => rules.Prices == list).Select(static rules => rules.Version)];
            text.Append(CultureInfo.InvariantCulture, $" NV{(uint)versions[0]} to NV{(uint)versions[^1]}: {list.Name}.");
        }

        text.Append("\n\n");
        Line(text, "", Lists.Select(static list => list.Name));
        foreach (Price price in Enum.GetValues<Price>())
        {
            Line(text, price.ToString(), Lists.Select(list => list.MilliOf(price).ToString("#,0", CultureInfo.InvariantCulture)));
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string head, IEnumerable<string> cells) =>
        text.Append(head.PadRight(39)).AppendJoin("", cells.Select(static cell => cell.PadLeft(18))).Append('\n');
}
