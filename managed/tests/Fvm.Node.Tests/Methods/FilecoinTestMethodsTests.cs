using System.Text.Json;

namespace Fvm.Node.Tests;

/// <summary>The methods for tests that are Filecoin's own.</summary>
internal sealed class FilecoinTestMethodsTests
{
    // (module (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) i32.const 0))
    private const string SmallActor =
        "0x0061736d0100000001060160017f017f03020100050301000107130206" + "6d656d6f7279" + "020006" + "696e766f6b65" + "00000a0601040041000b";

    private TestChain _test = null!;
    private RequestTester _rpc = null!;

    [SetUp]
    public void Start()
    {
        _test = TestChain.Create();
        RpcRegistry registry = new();
        FilecoinMethods.AddAll(registry, _test.Chain, new AccountKeys(TestChain.Natives));
        _rpc = new RequestTester(registry);
    }

    [TearDown]
    public async Task Stop()
    {
        if (_test is not null)
        {
            await _test.DisposeAsync();
        }
    }

    [Test]
    public async Task A_method_is_called_by_name_from_any_actor()
    {
        string client = TestChain.Natives[0].Address.ToString();
        JsonElement answer = await _rpc.ResultAsync(
            "fvm_call", $$"""[{"from":"t080","to":"t06","method":"AddVerifier","params":{"address":"{{client}}","allowance":"5000000"} }]""");
        Assert.That(answer.GetProperty("Receipt").GetProperty("ExitCode").GetInt32(), Is.Zero);
        Assert.That((await _rpc.ResultAsync("Filecoin.StateVerifierStatus", $"[\"{client}\",null]")).GetString(), Is.EqualTo("5000000"));
        JsonElement returned = await _rpc.ResultAsync("fvm_call", """[{"from":"t0100","to":"t04","method":"CurrentTotalPower"}]""");
        Assert.That(returned.GetProperty("ReturnDec").GetProperty("RawBytePower").GetString(), Is.EqualTo("0"));
        Assert.That(_test.Chain.Head.Number, Is.EqualTo(2), "each call has its block");
    }

    // It uses no gas, and is run again without checks of its sender all the same: also of a block that was kept as bytes.
    [Test]
    public async Task A_plain_send_of_an_actor_is_traced()
    {
        await _rpc.ResultAsync("fvm_call", """[{"from":"t080","to":"t099","value":"0","method":0,"params":"0x"}]""");
        LocalBlock block = _test.Chain.Head;
        Assert.That(block.Messages.Single().Ret.Receipt, Has.Property("GasUsed").Zero.And.Property("ExitCode").EqualTo(ExitCode.Ok));
        foreach (LocalBlock each in (LocalBlock[])[block, BlockRecord.Decode(BlockRecord.Encode(block), _test.Chain.ChainId)])
        {
            Assert.That((await _test.Chain.TraceAsync(each)).Single().Result.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        }
    }

    [Test]
    public async Task DataCap_and_power_are_given()
    {
        string client = TestChain.Natives[1].Address.ToString();
        await _rpc.ResultAsync("fvm_giveDataCap", $"[\"{client}\",1048576]");
        Assert.That((await _rpc.ResultAsync("Filecoin.StateVerifiedClientStatus", $"[\"{client}\",null]")).GetString(), Is.EqualTo("1048576"));
        await _rpc.ResultAsync("fvm_addPower", "[\"t01000\",\"0x100000\",\"0xa00000\"]");
        JsonElement power = (await _rpc.ResultAsync("Filecoin.StateMinerPower", "[\"t01000\",null]")).GetProperty("MinerPower");
        Assert.That(
            (power.GetProperty("RawBytePower").GetString(), power.GetProperty("QualityAdjPower").GetString()), Is.EqualTo(("1048576", "10485760")));
    }

    [Test]
    public async Task An_actor_of_one_s_own_is_installed_and_called()
    {
        JsonElement installed = await _rpc.ResultAsync("fvm_installActor", $"[\"{SmallActor}\"]");
        string id = installed.GetProperty("IDAddress").GetString()!;
        string robust = installed.GetProperty("RobustAddress").GetString()!;
        Assert.That((await _rpc.ResultAsync("Filecoin.StateLookupID", $"[\"{robust}\",null]")).GetString(), Is.EqualTo(id));
        Assert.That(await _test.Chain.RevertAsync(1), Is.False, "no snapshot is left");
        string from = TestChain.Natives[0].Address.ToString();
        JsonElement sent = await _rpc.ResultAsync("Filecoin.MpoolPushMessage", $$"""[{"From":"{{from}}","To":"{{id}}","Method":77},null]""");
        JsonElement found = await _rpc.ResultAsync("Filecoin.StateWaitMsg", $"[{sent.GetProperty("CID")},0,0,false]");
        Assert.That(found.GetProperty("Receipt").GetProperty("ExitCode").GetInt32(), Is.Zero);
    }

    // It took the chain back to what it was before, with what others had sent meanwhile.
    [Test]
    public async Task An_actor_that_cannot_be_installed_leaves_the_chain_and_what_others_send()
    {
        await _test.Chain.SetMiningAsync(MiningMode.Manual);
        try
        {
            LocalBlock head = _test.Chain.Head;
            EthHash hash = await _test.Chain.SendAsync(_test.Sign(TestChain.Accounts[1].EthAddress, [], value: 1));
            Assert.That(await _rpc.ErrorAsync("fvm_installActor", "[\"0x00\"]"), Does.Contain("exit code "));
            Assert.That((_test.Chain.Head, _test.Chain.Pool.Find(hash)?.Hash), Is.EqualTo((head, (EthHash?)hash)));
            _ = await _test.Chain.MineAsync();
            Assert.That(_test.Chain.FindMessage(hash), Is.Not.Null);
        }
        finally
        {
            await _test.Chain.SetMiningAsync(MiningMode.Automatic);
        }
    }

    [TestCase("fvm_call", """[{"from":"t080","to":"t06","method":"NoSuchMethod"}]""", "expected a method of verifiedregistry")]
    [TestCase("fvm_call", """[{"from":"t080","to":"t06","method":"AddVerifier","params":{"address":"t0101"}}]""", "allowance of ")]
    [TestCase("fvm_call", """[{"from":"t080","to":"t06","method":"AddVerifier","params":{"address":"t0101","allowance":1,"x":2}}]""", "expected no x")]
    [TestCase("fvm_call", """[{"from":"t0101","to":"t06","method":2,"params":"ghI="}]""", "exit code ")]
    [TestCase("fvm_call", """[{"from":"t0777777","to":"t06"}]""", "there is no actor")]
    [TestCase("fvm_installActor", """["0x00"]""", "exit code ")]
    [TestCase("fvm_giveDataCap", """["t0100",1]""", "exit code ")]
    [TestCase("fvm_addPower", """["t0100",1]""", "exit code ")]
    public async Task What_fails_says_why_and_the_node_goes_on(string method, string parameters, string reason)
    {
        Assert.That(await _rpc.ErrorAsync(method, parameters), Does.Contain(reason).And.Not.StartWith("internal error"));
        await _test.Chain.MineAsync();
    }
}
