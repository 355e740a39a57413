using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>The methods of Filecoin's own API, by their names in requests.</summary>
internal sealed class FilecoinMethodsTests
{
    private const string First = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    private TestChain _test = null!;
    private RequestTester _rpc = null!;

    [SetUp]
    public void Start()
    {
        _test = TestChain.Create();
        RpcRegistry registry = new();
        new EthMethods(_test.Chain, new Wallet(TestChain.Accounts)).AddTo(registry);
        AccountKey[] keys = [.. TestChain.Natives, .. TestChain.Accounts.Select(AccountKey.OfEthereum)];
        FilecoinMethods.AddAll(registry, _test.Chain, new AccountKeys(keys));
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
    public async Task Tipsets_are_found_by_key_and_by_epoch()
    {
        await _test.Chain.MineAsync(2);
        await _test.Chain.AdvanceToAsync(6);
        JsonElement head = await _rpc.ResultAsync("Filecoin.ChainHead");
        Assert.That(head.GetProperty("Height").GetInt64(), Is.EqualTo(6));
        string key = head.GetProperty("Cids").GetRawText();
        Assert.That((await _rpc.ResultAsync("Filecoin.ChainGetTipSet", $"[{key}]")).GetRawText(), Is.EqualTo(head.GetRawText()));
        Assert.That(await HeightAsync("Filecoin.ChainGetTipSetByHeight", "[4,null]"), Is.EqualTo(2), "before the null rounds");
        Assert.That(await HeightAsync("Filecoin.ChainGetTipSetAfterHeight", $"[4,{key}]"), Is.EqualTo(6));
        Assert.That(await HeightAsync("Filecoin.ChainGetTipSetByHeight", "[1,[]]"), Is.EqualTo(1));
        Assert.That(await _rpc.ErrorAsync("Filecoin.ChainGetTipSetByHeight", "[7,null]"), Does.StartWith("looking for tipset with height greater"));
        JsonElement header = await _rpc.ResultAsync("Filecoin.ChainGetBlock", $"[{head.GetProperty("Cids")[0].GetRawText()}]");
        Assert.That(header.GetRawText(), Is.EqualTo(head.GetProperty("Blocks")[0].GetRawText()));
        Assert.That(header.GetProperty("Miner").GetString(), Is.EqualTo("t01000"));
        string missing = "{\"/\":\"bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2\"}";
        Assert.That(await _rpc.ErrorAsync("Filecoin.ChainGetTipSet", $"[[{missing}]]"), Does.Contain("not found"));
        Assert.That(await _rpc.ErrorAsync("Filecoin.ChainReadObj", $"[{missing}]"), Does.StartWith("ipld: could not find"));
        Assert.That((await _rpc.ResultAsync("Filecoin.ChainHasObj", $"[{missing}]")).GetBoolean(), Is.False);
    }

    [TestCase(0, "t1", 1)]
    [TestCase(1, "t3", 2)]
    public async Task A_native_message_is_completed_signed_mined_and_found(int account, string prefix, int signatureKind)
    {
        string from = TestChain.Natives[account].Address.ToString(AddressNetwork.Testnet);
        string to = TestChain.Natives[1 - account].Address.ToString();
        Assert.That(from, Does.StartWith(prefix));
        JsonElement signed = await _rpc.ResultAsync(
            "Filecoin.MpoolPushMessage", $$"""[{"From":"{{from}}","To":"{{to}}","Value":"1000","Method":0},null]""");
        Assert.That(signed.GetProperty("Signature").GetProperty("Type").GetInt32(), Is.EqualTo(signatureKind));
        string cid = signed.GetProperty("CID").GetRawText();
        JsonElement found = await _rpc.ResultAsync("Filecoin.StateWaitMsg", $"[{cid},2,100,false]");
        Assert.That(found.GetProperty("Receipt").GetProperty("ExitCode").GetInt32(), Is.Zero);
        Assert.That(found.GetProperty("Height").GetInt64(), Is.EqualTo(2), "receipts are of the next epoch");
        JsonElement replay = await _rpc.ResultAsync("Filecoin.StateReplay", $"[null,{cid}]");
        Assert.That(replay.GetProperty("MsgRct").GetRawText(), Is.EqualTo(found.GetProperty("Receipt").GetRawText()));
        Assert.That(replay.GetProperty("ExecutionTrace").GetProperty("Msg").GetProperty("Value").GetString(), Is.EqualTo("1000"));
        Assert.That((await _rpc.ResultAsync("Filecoin.MpoolGetNonce", $"[\"{from}\"]")).GetInt32(), Is.EqualTo(1));
        Assert.That(
            (await _rpc.ResultAsync("Filecoin.WalletBalance", $"[\"{to}\"]")).GetString(), Is.EqualTo("10000000000000000001000"));

        await _test.Chain.MineAsync();
        JsonElement head = (await _rpc.ResultAsync("Filecoin.ChainHead")).GetProperty("Cids")[0];
        JsonElement messages = await _rpc.ResultAsync("Filecoin.ChainGetParentMessages", $"[{head.GetRawText()}]");
        Assert.That(messages[0].GetProperty("Cid").GetRawText(), Is.EqualTo(cid));
        JsonElement receipts = await _rpc.ResultAsync("Filecoin.ChainGetParentReceipts", $"[{head.GetRawText()}]");
        Assert.That(receipts[0].GetRawText(), Is.EqualTo(found.GetProperty("Receipt").GetRawText()));

        JsonElement hash = await _rpc.ResultAsync("Filecoin.EthGetTransactionHashByCid", $"[{cid}]");
        JsonElement transaction = await _rpc.ResultAsync("eth_getTransactionByHash", $"[{hash.GetRawText()}]");
        Assert.That(transaction.GetProperty("from").GetString(), Does.StartWith("0xff0000"));
        Assert.That(
            (await _rpc.ResultAsync("Filecoin.EthGetMessageCidByTransactionHash", $"[{hash.GetRawText()}]")).GetRawText(), Is.EqualTo(cid));
    }

    [Test]
    public async Task A_message_with_a_foreign_signature_is_refused([Values(0, 1)] int account)
    {
        Message message = new()
        {
            From = TestChain.Natives[account].Address,
            To = Address.NewId(99),
            GasLimit = 10_000_000,
            GasFeeCap = TokenAmount.FromAtto(1_000_000L),
        };
        Fvm.Chain.ChainSignature good = TestChain.Natives[account].Sign(message, _test.Chain.ChainId);
        byte[] changed = good.Data.ToArray();
        changed[account == 0 ? 5 : 95] ^= 1;
        Assert.That(async () => await _test.Chain.SendAsync(message, good with { Data = changed }), Throws.TypeOf<RefusedException>());
        Assert.That(
            async () => await _test.Chain.SendAsync(message with { Sequence = 1 }, good),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("the signature is not that of"));
        Assert.That(_test.Chain.Pool.Count, Is.Zero);
        Assert.That(await _test.Chain.SendAsync(message, good), Is.Not.EqualTo(default(Fvm.Ipld.Cid)));
    }

    [Test]
    public async Task A_transaction_by_a_key_of_Ethereum_is_one_for_both_interfaces()
    {
        string to = TestChain.Accounts[1].EthAddress.ToFilecoin().ToString();
        JsonElement signed = await _rpc.ResultAsync(
            "Filecoin.MpoolPushMessage",
            $$"""[{"From":"{{TestChain.First.ToFilecoin()}}","To":"{{to}}","Value":"5","Method":3844450837},{"MaxFee":"0"}]""");
        string hash = (await _rpc.ResultAsync("Filecoin.EthGetTransactionHashByCid", $"[{signed.GetProperty("CID").GetRawText()}]")).GetRawText();
        JsonElement receipt = await _rpc.ResultAsync("eth_getTransactionReceipt", $"[{hash}]");
        Assert.That(receipt.GetProperty("from").GetString(), Is.EqualTo(First));
        Assert.That(receipt.GetProperty("status").GetString(), Is.EqualTo("0x1"));
        Assert.That(
            await _rpc.ErrorAsync("Filecoin.MpoolPushMessage", $$"""[{"From":"{{TestChain.First.ToFilecoin()}}","To":"{{to}}","Method":0},null]"""),
            Does.Contain("is no transaction"));
    }

    [Test]
    public async Task Addresses_are_converted_and_looked_up()
    {
        string delegated = TestChain.First.ToFilecoin().ToString(AddressNetwork.Testnet);
        Assert.That((await _rpc.ResultAsync("Filecoin.EthAddressToFilecoinAddress", $"[\"{First}\"]")).GetString(), Is.EqualTo(delegated));
        Assert.That((await _rpc.ResultAsync("Filecoin.FilecoinAddressToEthAddress", $"[\"{delegated}\"]")).GetString(), Is.EqualTo(First));
        string id = (await _rpc.ResultAsync("Filecoin.StateLookupID", $"[\"{delegated}\",null]")).GetString()!;
        Assert.That(id, Does.StartWith("t0"));
        Assert.That((await _rpc.ResultAsync("Filecoin.StateLookupRobustAddress", $"[\"{id}\",null]")).GetString(), Is.EqualTo(delegated));
        string native = TestChain.Natives[1].Address.ToString(AddressNetwork.Testnet);
        string nativeId = (await _rpc.ResultAsync("Filecoin.StateLookupID", $"[\"{native}\",null]")).GetString()!;
        Assert.That((await _rpc.ResultAsync("Filecoin.StateAccountKey", $"[\"{nativeId}\",null]")).GetString(), Is.EqualTo(native));
        Assert.That((await _rpc.ResultAsync("Filecoin.FilecoinAddressToEthAddress", $"[\"{native}\",\"latest\"]")).GetString(), Does.StartWith("0xff"));
        Assert.That(await _rpc.ErrorAsync("Filecoin.StateAccountKey", "[\"t01000\",null]"), Does.Contain("it is no account"));
        Assert.That(await _rpc.ErrorAsync("Filecoin.StateGetActor", "[\"t0777777\",null]"), Is.EqualTo("actor not found"));
    }

    [Test]
    public async Task States_have_Lotus_s_names_and_forms()
    {
        JsonElement miner = (await _rpc.ResultAsync("Filecoin.StateReadState", "[\"t01000\",null]")).GetProperty("State");
        Assert.That(miner.GetProperty("Info").GetProperty("/").GetString(), Does.StartWith("bafy"));
        Assert.That(miner.GetProperty("EarlyTerminations").GetRawText(), Is.EqualTo("[0]"));
        JsonElement power = (await _rpc.ResultAsync("Filecoin.StateReadState", "[\"f04\",[]]")).GetProperty("State");
        Assert.That(power.GetProperty("ThisEpochQAPowerSmoothed").GetProperty("PositionEstimate").ValueKind, Is.EqualTo(JsonValueKind.String));
        JsonElement cron = (await _rpc.ResultAsync("Filecoin.StateReadState", "[\"f03\",[]]")).GetProperty("State");
        Assert.That(cron.GetProperty("Entries")[0].GetRawText(), Is.EqualTo("{\"Receiver\":\"t04\",\"MethodNum\":5}"));
        JsonElement info = await _rpc.ResultAsync("Filecoin.StateMinerInfo", "[\"t01000\",null]");
        Assert.That(info.GetProperty("SectorSize").GetInt64(), Is.EqualTo(32L << 30));
        Assert.That((info.GetProperty("Owner").GetString(), info.GetProperty("NewWorker").GetString()), Is.EqualTo(("t0100", "<empty>")));
        JsonElement claim = await _rpc.ResultAsync("Filecoin.StateMinerPower", "[\"t01000\",null]");
        Assert.That(claim.GetProperty("MinerPower").GetProperty("RawBytePower").GetString(), Is.EqualTo("0"));
        Assert.That((await _rpc.ResultAsync("Filecoin.StateMarketBalance", "[\"t0100\",null]")).GetProperty("Escrow").GetString(), Is.EqualTo("0"));
        Assert.That((await _rpc.ResultAsync("Filecoin.StateVerifiedClientStatus", "[\"t0100\",null]")).ValueKind, Is.EqualTo(JsonValueKind.Null));
        JsonElement decoded = await _rpc.ResultAsync("Filecoin.StateDecodeParams", "[\"t05\",2,\"QgBk\",null]");
        Assert.That(decoded.GetString(), Is.EqualTo("t0100"));
    }

    [Test]
    public async Task Events_are_found_by_root_and_by_filter()
    {
        EthAddress register = await _test.DeployAsync();
        LocalMessage written = await _test.SendAsync(_test.Sign(register, Contracts.Word(3)));
        string root = $$"""{"/":"{{written.Ret.Receipt.EventsRoot}}"}""";
        JsonElement events = await _rpc.ResultAsync("Filecoin.ChainGetEvents", $"[{root}]");
        Assert.That(events[0].GetProperty("Entries").EnumerateArray().Select(static entry => entry.GetProperty("Key").GetString()), Is.EqualTo(new[] { "t1", "d" }));
        string filter = $$"""[{"addresses":["{{register.ToFilecoin()}}"],"fromHeight":0,"toHeight":5}]""";
        JsonElement found = await _rpc.ResultAsync("Filecoin.GetActorEventsRaw", filter);
        Assert.That(found.GetArrayLength(), Is.EqualTo(1));
        Assert.That(found[0].GetProperty("emitter").GetString(), Is.EqualTo(register.ToFilecoin().ToString(AddressNetwork.Testnet)));
        string none = $$"""[{"fields":{"t1":[{"codec":85,"value":"AAAA"}]},"fromHeight":0}]""";
        Assert.That((await _rpc.ResultAsync("Filecoin.GetActorEventsRaw", none)).GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Events_of_blocks_whose_states_are_dropped_are_found_by_filter()
    {
        await using TestChain test = TestChain.Create(change: static options => options with { KeepStates = 2 });
        EthAddress register = await test.DeployAsync();
        await test.SendAsync(test.Sign(register, Contracts.Word(3)));
        LocalBlock block = test.Chain.Head;
        await test.Chain.MineAsync(20);
        await test.Chain.PruneAsync();
        Assert.That(() => test.Chain.StateOf(block), Throws.TypeOf<RefusedException>());
        RequestTester rpc = new(NodeMethods.Of(test.Chain, TestChain.Accounts, TestChain.Natives));
        JsonElement found = await rpc.ResultAsync("Filecoin.GetActorEventsRaw", $$"""[{"addresses":["{{register.ToFilecoin()}}"],"fromHeight":0}]""");
        Assert.That(found.EnumerateArray().Select(static each => each.GetProperty("height").GetUInt64()), Is.EqualTo(new[] { block.Number }));
        Assert.That(
            await rpc.ErrorAsync("Filecoin.ChainGetEvents", "[{\"/\":\"bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2\"}]"),
            Does.StartWith("load events amt: ipld: could not find").And.Contains("last 2880 tipsets"));
    }

    [Test]
    public async Task Keys_are_made_and_sign_so_that_it_can_be_verified([Values("secp256k1", "bls", "delegated")] string kind)
    {
        string address = (await _rpc.ResultAsync("Filecoin.WalletNew", $"[\"{kind}\"]")).GetRawText();
        JsonElement signature = await _rpc.ResultAsync("Filecoin.WalletSign", $"[{address},\"AQID\"]");
        Assert.That((await _rpc.ResultAsync("Filecoin.WalletVerify", $"[{address},\"AQID\",{signature}]")).GetBoolean(), Is.True);
        Assert.That((await _rpc.ResultAsync("Filecoin.WalletVerify", $"[{address},\"AQIE\",{signature}]")).GetBoolean(), Is.False);
        JsonElement exported = await _rpc.ResultAsync("Filecoin.WalletExport", $"[{address}]");
        Assert.That((await _rpc.ResultAsync("Filecoin.WalletImport", $"[{exported}]")).GetRawText(), Is.EqualTo(address));
        Assert.That((await _rpc.ResultAsync("Filecoin.WalletHas", $"[{address}]")).GetBoolean(), Is.True);
        Assert.That(await _rpc.ErrorAsync("Filecoin.WalletNew", "[\"rsa\"]"), Does.Contain("expected secp256k1, bls or delegated"));
    }

    [TestCase("Filecoin.MpoolPush", "[{\"Message\":{\"From\":\"t01\",\"To\":\"t02\"},\"Signature\":{\"Type\":9,\"Data\":\"\"}}]")]
    [TestCase("Filecoin.MpoolPushMessage", "[{\"From\":\"t099\",\"To\":\"t02\"},null]")]
    [TestCase("Filecoin.MpoolPushMessage", "[{\"From\":\"t0777777\",\"To\":\"t02\"},null]")]
    [TestCase("Filecoin.StateCall", "[{\"From\":\"t099\",\"To\":\"t02\",\"Value\":\"0x1\"},null]")]
    [TestCase("Filecoin.StateCall", "[{\"From\":\"t099\",\"To\":\"t02\",\"Params\":\"?\"},null]")]
    [TestCase("Filecoin.ChainGetTipSetByHeight", "[-1,null]")]
    [TestCase("Filecoin.StateReplay", "[null,{\"/\":\"no\"}]")]
    [TestCase("Filecoin.GetActorEventsRaw", "[{\"fromHeight\":1e30}]")]
    [TestCase("Filecoin.WalletImport", "[{\"Type\":\"bls\",\"PrivateKey\":\"AAAA\"}]")]
    public async Task Malformed_requests_are_refused_with_a_reason(string method, string parameters)
    {
        string error = await _rpc.ErrorAsync(method, parameters);
        Assert.That(error, Does.Not.StartWith("internal error").And.Not.Contain("\n").And.Length.GreaterThan(10));
    }

    private async Task<long> HeightAsync(string method, string parameters) =>
        (await _rpc.ResultAsync(method, parameters)).GetProperty("Height").GetInt64();
}
