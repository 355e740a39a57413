using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class ManifestTests
{
    private static readonly string[] Needed = ["system", "init", "account", "placeholder", "eam", "ethaccount"];

    [Test]
    public void Types_count_from_one_in_the_order_of_the_list()
    {
        Manifest manifest = new(Needed.Select(name => (name, Code(name))).ToArray());

        Assert.That(manifest.TypeOf(Code("system")), Is.EqualTo(1));
        Assert.That(manifest.TypeOf(Code("ethaccount")), Is.EqualTo(6));
        Assert.That(manifest.TypeOf(Code("other")), Is.Zero);
        Assert.That(manifest.NameOf(Code("eam")), Is.EqualTo("eam"));
        Assert.That(manifest.NameOf(Code("other")), Is.Null);
        Assert.That(manifest.TryGetCode(2, out Cid code), Is.True);
        Assert.That(code, Is.EqualTo(Code("init")));
        Assert.That(manifest.TryGetCode(0, out _), Is.False);
        Assert.That(manifest.TryGetCode(7, out _), Is.False);
        Assert.That(manifest.IsAccount(Code("account")), Is.True);
        Assert.That(manifest.IsPlaceholder(Code("placeholder")), Is.True);
        Assert.That(manifest.IsEthAccount(Code("account")), Is.False);
    }

    [TestCaseSource(nameof(Needed))]
    public void A_manifest_without_an_actor_that_the_machine_needs_is_refused(string missing) => Assert.That(
        () => new Manifest(Needed.Where(name => name != missing).Select(name => (name, Code(name))).ToArray()),
        Throws.TypeOf<FatalException>().With.Message.Contains(missing));

    [Test]
    public void Before_delegated_addresses_three_actors_are_enough()
    {
        Manifest manifest = new(Needed[..3].Select(name => (name, Code(name))).ToArray(), delegatedAddresses: false);
        Assert.That(manifest.IsPlaceholder(default), Is.False);
        Assert.That(manifest.IsAccount(Code("account")), Is.True);
    }

    [Test]
    public void Other_versions_and_missing_lists_are_fatal()
    {
        MemoryBlockstore store = new();
        Assert.That(() => Manifest.Load(store, Code("list"), 2), Throws.TypeOf<FatalException>());
        Assert.That(() => Manifest.Load(store, Code("list"), 1), Throws.TypeOf<FatalException>());
    }

    [TestCase(10)]
    [TestCase(18)]
    public void Bundles_list_the_builtin_actors_in_the_order_of_their_types(int version)
    {
        string path = Repository.Shared("bundles", $"builtin-actors-v{version}-mainnet.car.gz");
        CarBlockstore bundle = CarBlockstore.LoadFile(path);
        Manifest manifest = Manifest.LoadBundle(bundle, bundle.Roots[0]);

        Assert.That(manifest.TypeOf(manifest.SystemCode), Is.EqualTo((uint)ActorType.System));
        Assert.That(manifest.TypeOf(manifest.AccountCode), Is.EqualTo((uint)ActorType.Account));
        Assert.That(manifest.TypeOf(manifest.PlaceholderCode), Is.EqualTo((uint)ActorType.Placeholder));
        Assert.That(manifest.TypeOf(manifest.EthAccountCode), Is.EqualTo((uint)ActorType.EthereumAccount));
        Assert.That(manifest.TryGetCode((uint)ActorType.Evm, out Cid evm), Is.True);
        Assert.That(manifest.NameOf(evm), Is.EqualTo("evm"));
        foreach (Cid code in manifest.Codes)
        {
            Assert.That(bundle.Has(code), Is.True);
        }
    }

    private static Cid Code(string name) => Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, System.Text.Encoding.UTF8.GetBytes(name));
}
