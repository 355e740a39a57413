using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Network versions by epoch.</summary>
public sealed class UpgradeScheduleTests
{
    [TestCase(0, 24u)]
    [TestCase(100, 24u)]
    [TestCase(101, 25u)]
    [TestCase(200, 25u)]
    [TestCase(201, 26u)]
    public void An_upgrade_is_in_force_after_its_epoch(long epoch, uint version) =>
        Assert.That(UpgradeSchedule.Parse("-1:24,100:25,200:26").VersionAt(new ChainEpoch(epoch)), Is.EqualTo(version));

    [TestCase(99, 100, null)]
    [TestCase(100, 101, 100L)]
    [TestCase(98, 104, 100L)]
    [TestCase(101, 102, null)]
    [TestCase(200, 201, null, Description = "26 changes rules only")]
    [TestCase(300, 301, 300L, Description = "a repeated version is a migration within it")]
    public void A_migration_is_between_the_parents_and_the_tipset(long parent, long epoch, long? expected) =>
        Assert.That(
            UpgradeSchedule.Parse("-1:24,100:25,200:26,300:26").MigrationBetween(new ChainEpoch(parent), new ChainEpoch(epoch))?.After,
            Is.EqualTo(expected));

    [TestCase("", "no EPOCH:VERSION")]
    [TestCase("24", "'24' is not EPOCH:VERSION")]
    [TestCase("0:x", "'0:x' is not EPOCH:VERSION")]
    [TestCase("10:24,10:25", "'10:25' comes after 10:24")]
    [TestCase("0:25,10:24", "'10:24' comes after 0:25")]
    public void Other_texts_are_refused(string text, string expected) =>
        Assert.That(() => UpgradeSchedule.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(expected));

    [Test]
    public void Versions_and_epochs_of_all_networks_ascend()
    {
        foreach (NetworkParameters network in NetworkCatalog.All)
        {
            IReadOnlyList<Upgrade> upgrades = network.Upgrades.All;
            for (int index = 1; index < upgrades.Count; index++)
            {
                Assert.That(upgrades[index].After, Is.GreaterThan(upgrades[index - 1].After), network.Name);
                Assert.That(upgrades[index].Version, Is.GreaterThanOrEqualTo(upgrades[index - 1].Version), network.Name);
            }

            Assert.That(network.Beacons, Is.Not.Empty, network.Name);
            Assert.That(network.FireHorse, Is.Not.Zero, network.Name);
        }
    }
}
