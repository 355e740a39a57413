using System.Text;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class GenesisBuilderTests
{
    private const string Alice = "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii";

    private const string Builtin = """
        [{"name": "system", "code": "s.wasm"}, {"name": "init", "code": "i.wasm"}, {"name": "account", "code": "a.wasm"}]
        """;

    [Test]
    public void Accounts_get_ids_from_100_on_and_actors_the_ids_that_they_ask_for()
    {
        MemoryBlockstore store = new();

        StateTree tree = Build(store, $$"""
            {"network_name": "n", "builtin": {{Builtin}}, "accounts": [{"address": "{{Alice}}", "balance": "1.5"}],
             "actors": [{"id": 1000, "code": "x.wasm", "state": "AA==", "balance": "2"}]}
            """);

        Assert.Multiple(() =>
        {
            Assert.That(tree.LookupId(Address.Parse(Alice)), Is.EqualTo(new ActorId(100)));
            Assert.That(tree.GetActor(new ActorId(100))!.Balance.ToFil(), Is.EqualTo("1.5"));
            Assert.That(tree.GetActor(new ActorId(1000))!.Code, Is.EqualTo(Cid.Blake2b256(Multicodec.Raw, Code("x.wasm"))));
            Assert.That(store.Get(tree.GetActor(new ActorId(1000))!.State), Is.EqualTo(new byte[] { 0 }));
            Assert.That(tree.GetActor(new ActorId(2)), Is.Not.Null);
            Assert.That(tree.GetActor(new ActorId(99)), Is.Not.Null);
            Assert.That(tree.RegisterNewAddress(Address.NewActor([1])), Is.EqualTo(new ActorId(1001)));
        });
    }

    [Test]
    public void The_same_specification_gives_the_same_bytes()
    {
        Assert.That(CarOf(), Is.EqualTo(CarOf()));

        static byte[] CarOf()
        {
            MemoryBlockstore store = new();
            Cid root = new GenesisBuilder(store, Code).Build(Parse(
                $$"""{"network_name": "n", "builtin": {{Builtin}}, "accounts": [{"address": "{{Alice}}"}], "actors": []}"""));
            using MemoryStream file = new();
            CarFiles.Write(file, root, store);
            return file.ToArray();
        }
    }

    [TestCase("""[{"name": "system", "code": "s.wasm"}, {"name": "init", "code": "i.wasm"}]""", "[]", "'account' is missing")]
    [TestCase(Builtin, """[{"id": 7, "code": "miner"}]""", "'miner' is missing")]
    public void A_specification_that_cannot_be_met_says_why(string builtin, string actors, string reason)
    {
        GenesisSpec spec = Parse($$"""{"network_name": "n", "builtin": {{builtin}}, "accounts": [], "actors": {{actors}}}""");

        Assert.That(
            () => new GenesisBuilder(new MemoryBlockstore(), Code).Build(spec),
            Throws.TypeOf<InputException>().With.Message.Contains(reason));
    }

    [TestCase("""{"builtin": [], "accounts": [], "actors": []}""", "network_name is missing")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [{"address": "x"}], "actors": []}""", "accounts[0].address: 'x' is not an address")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [{"address": "f01", "balance": "y"}], "actors": []}""", "'y' is not an amount")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [{"address": "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii", "balance": "-1"}], "actors": []}""", "accounts[0].balance: '-1' is negative")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [{"address": "f01"}], "actors": []}""", "accounts[0].address is an ID address")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [{"address": "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii"}, {"address": "t1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii"}], "actors": []}""", "accounts[1].address occurs twice")]
    [TestCase("""{"network_name": "n", "builtin": [{"name": "system", "code": "a"}, {"name": "system", "code": "b"}], "accounts": [], "actors": []}""", "builtin[1].name occurs twice: 'system'")]
    [TestCase("""{"network_name": "n", "builtin": [{"name": "system", "wasm": "a"}], "accounts": [], "actors": []}""", "builtin[0].wasm is unknown")]
    [TestCase("""{"network_name": "n", "network": "m", "builtin": [], "accounts": [], "actors": []}""", "network is unknown")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 7, "code": "s.wasm"}, {"id": 7, "code": "s.wasm"}]}""", "actors[1].id is taken: f07")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 99, "code": "s.wasm"}]}""", "actors[0].id is taken: f099")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [{"address": "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii"}], "actors": [{"id": 100, "code": "s.wasm"}]}""", "actors[0].id is taken: f0100")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 18446744073709551615, "code": "s.wasm"}]}""", "actors[0].id is more than 2^63-1")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 1000, "code": "s.wasm", "balance": "-0.5"}]}""", "actors[0].balance: '-0.5' is negative")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 1000, "code": "s.wasm", "state": "ggE="}]}""", "actors[0].state is not DAG-CBOR")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 1000, "code": "s.wasm", "state": "AAA="}]}""", "actors[0].state is not DAG-CBOR")]
    [TestCase("""{"network_name": "n", "builtin": [], "accounts": [], "actors": [{"id": 1000, "code": "s.wasm", "state": ""}]}""", "actors[0].state is not DAG-CBOR")]
    public void A_specification_that_does_not_parse_says_where(string json, string reason) =>
        Assert.That(() => Parse(json), Throws.TypeOf<InputException>().With.Message.Contains(reason));

    private static byte[] Code(string path) => Encoding.UTF8.GetBytes(path);

    private static GenesisSpec Parse(string json) => GenesisSpec.Parse(Encoding.UTF8.GetBytes(json));

    private static StateTree Build(MemoryBlockstore store, string json)
    {
        Cid root = new GenesisBuilder(store, Code).Build(Parse(json));
        return StateTree.Load(store, root, StateTreeVersion.V5);
    }
}
