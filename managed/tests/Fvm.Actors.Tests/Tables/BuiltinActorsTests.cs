using NUnit.Framework;

namespace Fvm.Actors.Tests;

public sealed class BuiltinActorsTests
{
    private static readonly BuiltinActors Table = BuiltinActors.Table;

    [Test]
    public void Every_actor_of_the_manifests_is_there() => Assert.That(Table.Actors.Keys, Is.EquivalentTo(
    [
        "account", "cron", "datacap", "eam", "ethaccount", "evm", "init", "multisig", "paymentchannel", "placeholder", "reward",
        "storagemarket", "storageminer", "storagepower", "system", "verifiedregistry",
    ]));

    [Test]
    public void At_each_version_a_number_is_one_method_and_there_is_at_most_one_state()
    {
        foreach (ActorSchema actor in Table.Actors.Values)
        {
            for (int version = BuiltinActors.FirstVersion; version <= BuiltinActors.LastVersion; version++)
            {
                Assert.That(actor.Methods.Where(row => row.Versions.Contains(version)).Select(static row => row.Number), Is.Unique, actor.Name);
                Assert.That(actor.Methods.Where(row => row.Versions.Contains(version)).Select(static row => row.Name), Is.Unique, actor.Name);
                Assert.That(actor.States.Count(row => row.Versions.Contains(version)), Is.LessThanOrEqualTo(1), actor.Name);
            }
        }
    }

    [TestCase("storagepower", 8, 2UL, "CreateMiner")]
    [TestCase("storageminer", 9, 21UL, "ConfirmUpdateWorkerKey")]
    [TestCase("storageminer", 10, 21UL, "ConfirmChangeWorkerAddress")]
    [TestCase("evm", 10, 3844450837UL, "InvokeContract")]
    [TestCase("evm", 9, 3844450837UL, null)]
    [TestCase("storageminer", 12, 6UL, "PreCommitSector")]
    [TestCase("storageminer", 13, 6UL, null)]
    [TestCase("nobody", 13, 6UL, null)]
    public void Methods_are_found_by_actor_version_and_number(string actor, int version, ulong method, string? name) =>
        Assert.That(Table.FindMethod(actor, version, new MethodNumber(method))?.Name, Is.EqualTo(name));

    // [f01, f02, [], 4 GiB …]: the tuple's fields of a version, no more and no less.
    [TestCase(12, "82420064420065", "a State has 1 fields, found 2")]
    [TestCase(12, "80", "a State of 0 fields has no address")]
    [TestCase(12, "8141ff", "ff is no Address")]
    [TestCase(12, "8142006400", "expected the end")]
    public void A_state_that_does_not_fit_says_why_and_is_shown_without_names(int version, string hex, string reason)
    {
        DecodedValue decoded = Table.DecodeState("account", version, Convert.FromHexString(hex))!;
        Assert.That(decoded.Misfit, Does.Contain(reason));
        Assert.That(decoded.ToLine(), Does.Contain("not as expected"));
    }

    [Test]
    public void A_state_that_fits_has_the_names_of_its_fields() =>
        Assert.That(Table.DecodeState("account", 12, Convert.FromHexString("81420064"))!.ToLine(), Is.EqualTo("{address: f0100}"));

    [Test]
    public void Without_a_version_the_newest_that_fits_is_taken()
    {
        // Two forms of a contract's state: five fields up to version 15, six since.
        string cid = "d82a5827000171a0e40220" + new string('0', 64);
        string old = $"85{cid}5820{new string('1', 64)}{cid}07f6";
        Assert.That(Table.DecodeState("evm", null, Convert.FromHexString(old))!.ToLine(), Does.Contain("nonce: 7").And.Not.Contain("transient_data"));
        string now = $"86{cid}5820{new string('1', 64)}{cid}f607f6";
        Assert.That(Table.DecodeState("evm", null, Convert.FromHexString(now))!.ToLine(), Does.Contain("transient_data: null"));
    }
}
