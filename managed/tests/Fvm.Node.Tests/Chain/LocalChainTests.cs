using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests blocks, messages and their results on a chain with the actors of mainnet.</summary>
internal sealed class LocalChainTests
{
    private TestChain _test = null!;
    private ulong _snapshot;

    private LocalChain Chain => _test.Chain;

    [OneTimeSetUp]
    public void Create() => _test = TestChain.Create();

    [OneTimeTearDown]
    public async Task Dispose()
    {
        if (_test is not null)
        {
            await _test.DisposeAsync();
        }
    }

    [SetUp]
    public async Task Snapshot() => _snapshot = await Chain.SnapshotAsync();

    [TearDown]
    public async Task Revert()
    {
        await Chain.SetMiningAsync(MiningMode.Automatic);
        Assert.That(await Chain.RevertAsync(_snapshot), Is.True);
    }

    [Test]
    public async Task The_first_contract_of_the_first_account_has_the_address_that_it_has_on_Ethereum()
    {
        LocalMessage deployed = await _test.SendAsync(_test.Sign(to: null, Contracts.Creating(Contracts.Register)));
        StateView state = Chain.StateOf(Chain.Head);
        Assert.That(
            (deployed.Ret.Receipt.ExitCode, deployed.Created, Chain.Head.Number, state.NonceOf(TestChain.First)),
            Is.EqualTo((ExitCode.Ok, (EthAddress?)EthAddress.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"), 1UL, 1UL)));
        Assert.That(state.CodeOf(deployed.Created!.Value), Is.EqualTo(Contracts.Register));
        Assert.That(state.NonceOf(deployed.Created.Value), Is.EqualTo(1));
    }

    [Test]
    public async Task A_transfer_makes_an_account_of_the_receiver()
    {
        EthAddress receiver = EthAddress.Parse("0x00000000000000000000000000000000000abcde");
        LocalMessage sent = await _test.SendAsync(_test.Sign(receiver, [], value: 77));
        Assert.That((sent.Ret.Receipt.ExitCode, sent.To), Is.EqualTo((ExitCode.Ok, (EthAddress?)receiver)));
        Assert.That(Chain.StateOf(Chain.Head).BalanceOf(receiver), Is.EqualTo(TokenAmount.FromAtto(77L)));

        // Measured on another chain of the same actors; the depth of the state tree makes for some difference.
        Assert.That(sent.Ret.Receipt.GasUsed, Is.EqualTo(4_836_254UL).Within(400_000UL));
    }

    [Test]
    public async Task A_word_is_stored_and_logged()
    {
        EthAddress register = await _test.DeployAsync();
        LocalMessage sent = await _test.SendAsync(_test.Sign(register, Contracts.Word(5)));
        Assert.That(sent.Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        LocalLog log = sent.Logs.Single();
        Assert.That((log.Address, log.Index, log.Topics.Single()), Is.EqualTo((register, 0, new EthHash(Contracts.Word(0x2a)))));
        Assert.That(log.Data.ToArray(), Is.EqualTo(Contracts.Word(5)));
        Assert.That(await Chain.StorageAsync(register, default, Chain.Head), Is.EqualTo(new EthHash(Contracts.Word(5))));
        Assert.That(await Chain.StorageAsync(register, default, Chain.ParentOf(Chain.Head)!), Is.EqualTo(default(EthHash)));
        CallOutcome read = await Chain.CallAsync(new CallRequest { To = register }, Chain.Head);
        Assert.That(read.Data, Is.EqualTo(Contracts.Word(5)));
    }

    [Test]
    public async Task A_revert_gives_its_reason()
    {
        EthAddress register = await _test.DeployAsync();
        LocalMessage sent = await _test.SendAsync(_test.Sign(register, [1]));
        Assert.That(sent.Ret.Receipt.ExitCode, Is.EqualTo(new ExitCode(33)));
        CallOutcome call = await Chain.CallAsync(new CallRequest { To = register, Input = new byte[] { 1 } }, Chain.Head);
        RpcException error = CallErrors.Of(call);
        Assert.That((error.Code, error.Message), Is.EqualTo((RpcErrorCode.Reverted, "execution reverted: no")));
        Assert.That(error.DataJson, Does.StartWith("\"0x08c379a0"));
    }

    [Test]
    public async Task An_estimate_suffices_and_is_not_far_above_what_is_used()
    {
        EthAddress register = await _test.DeployAsync();
        CallRequest request = new() { From = TestChain.First, To = register, Input = Contracts.Word(9) };
        ulong gas = await Chain.EstimateAsync(request, Chain.Head);
        LocalMessage sent = await _test.SendAsync(_test.Sign(register, Contracts.Word(9), gas: gas));
        Assert.That(sent.Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(gas, Is.EqualTo(sent.Ret.Receipt.GasUsed * 5 / 4).Within(2).Percent);
        Assert.That(
            async () => await Chain.EstimateAsync(request with { Input = new byte[] { 1 } }, Chain.Head), Throws.TypeOf<CallFailedException>());
    }

    [Test]
    public void A_nonce_that_is_used_up_is_refused_with_the_words_of_geth() => Assert.Multiple(() =>
    {
        Assert.That(
            async () =>
            {
                await Chain.SendAsync(_test.Sign(TestChain.First, [], nonce: 0));
                await Chain.SendAsync(_test.Sign(TestChain.First, [], value: 1, nonce: 0));
            },
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("nonce too low: next nonce 1, tx nonce 0"));
        Assert.That(
            async () => await Chain.SendAsync(_test.Sign(TestChain.First, [], gas: 21_000)),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("intrinsic gas too low"));
        Assert.That(
            async () => await Chain.SendAsync(_test.Sign(TestChain.First, [], gas: LocalChain.BlockGasLimit + 1)),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("exceeds block gas limit"));
        Assert.That(
            async () => await Chain.SendAsync(_test.Sign(TestChain.First, [], premium: 2_000_000_000)),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("max priority fee per gas higher than max fee per gas"));
    });

    [Test]
    public async Task Messages_wait_for_those_with_lower_nonces_and_are_mined_together()
    {
        EthHash second = await Chain.SendAsync(_test.Sign(TestChain.First, [], nonce: 1));
        Assert.That((Chain.FindMessage(second), Chain.Head.Number), Is.EqualTo((((LocalBlock, LocalMessage)?)null, 0UL)));
        EthHash first = await Chain.SendAsync(_test.Sign(TestChain.First, [], nonce: 0));
        Assert.That(Chain.Head.Messages.Select(static message => message.Hash), Is.EqualTo(new[] { first, second }));
        Assert.That(Chain.Head.GasUsed, Is.EqualTo(Chain.Head.Messages.Sum(static message => (decimal)message.Ret.Receipt.GasUsed)));
    }

    [Test]
    public async Task A_message_is_replaced_by_one_that_pays_a_tenth_more()
    {
        await Chain.SetMiningAsync(MiningMode.Manual);
        EthHash cheap = await Chain.SendAsync(_test.Sign(TestChain.First, [], nonce: 0, premium: 1_000));
        Assert.That(
            async () => await Chain.SendAsync(_test.Sign(TestChain.First, [], nonce: 0, premium: 1_100)),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("replacement transaction underpriced").And.Message.Contains("1101"));
        EthHash dear = await Chain.SendAsync(_test.Sign(TestChain.First, [], nonce: 0, premium: 1_101));
        Assert.That((Chain.Pool.Find(cheap), Chain.Pool.Count, Chain.PendingNonceOf(TestChain.First)), Is.EqualTo(((PoolMessage?)null, 1, 1UL)));
        LocalBlock block = await Chain.MineAsync();
        Assert.That(block.Messages.Single().Hash, Is.EqualTo(dear));
    }

    [Test]
    public async Task The_best_paying_sender_comes_first()
    {
        await Chain.SetMiningAsync(MiningMode.Manual);
        EthHash cheap = await Chain.SendAsync(_test.Sign(TestChain.First, [], premium: 1_000));
        EthHash dear = await Chain.SendAsync(_test.Sign(TestChain.First, [], account: 1, premium: 2_000));
        LocalBlock block = await Chain.MineAsync();
        Assert.That(block.Messages.Select(static message => message.Hash), Is.EqualTo(new[] { dear, cheap }));
    }

    [Test]
    public async Task A_revert_takes_blocks_and_states_back_once()
    {
        List<ChainChange> changes = [];
        Chain.Changed += changes.Add;
        LocalBlock before = Chain.Head;
        ulong snapshot = await Chain.SnapshotAsync();
        EthHash hash = await Chain.SendAsync(_test.Sign(TestChain.Accounts[1].EthAddress, [], value: 5));
        LocalBlock mined = Chain.Head;
        Assert.That(await Chain.RevertAsync(snapshot), Is.True);
        Chain.Changed -= changes.Add;
        Assert.That((Chain.Head, Chain.FindBlock(mined.Hash)), Is.EqualTo((before, (LocalBlock?)null)));
        Assert.That(Chain.FindMessage(hash), Is.Null);
        Assert.That(Chain.StateOf(Chain.Head).NonceOf(TestChain.First), Is.Zero);
        Assert.That(changes.SelectMany(static change => change.Removed), Is.EqualTo(new[] { mined }));
        Assert.That(await Chain.RevertAsync(snapshot), Is.False);
    }

    [Test]
    public async Task Null_rounds_have_no_block()
    {
        ulong first = Chain.Head.Number;
        LocalBlock head = await Chain.AdvanceToAsync(first + 50);
        Assert.That((head.Number, Chain.AtOrBefore(first + 49).Number), Is.EqualTo((first + 50, first)));
        Assert.That(Chain.FindBlock(first + 49), Is.Null);
        Assert.That(Chain.ParentOf(head)!.Number, Is.EqualTo(first));
        _ = await _test.DeployAsync();
        Assert.That(Chain.Head.Number, Is.EqualTo(first + 51));
    }

    [Test]
    public async Task The_base_fee_falls_to_its_least_in_steps_of_an_eighth()
    {
        await Chain.SetNextBaseFeeAsync(TokenAmount.FromAtto(1_000L));
        LocalBlock block = await Chain.MineAsync();
        LocalBlock next = await Chain.MineAsync();
        Assert.That(
            new[] { block.BaseFee, next.BaseFee, next.NextBaseFee },
            Is.EqualTo(new[] { 1_000L, 875, 765 }.Select(static fee => TokenAmount.FromAtto(fee))));
    }

    [Test]
    public async Task Blocks_have_the_times_that_were_asked_for()
    {
        ulong wanted = Chain.Head.Timestamp + 77;
        await Chain.SetNextTimestampAsync(wanted);
        Assert.That((await Chain.MineAsync()).Timestamp, Is.EqualTo(wanted));
        await Chain.SetTimestampIntervalAsync(10);
        LocalBlock later = await Chain.MineAsync(count: 3);
        Assert.That((later.Timestamp, later.Number), Is.EqualTo((wanted + 30, 4UL)));
        Assert.That(async () => await Chain.SetNextTimestampAsync(later.Timestamp), Throws.TypeOf<RefusedException>());
    }

    [Test]
    public async Task The_operator_sets_balance_nonce_code_and_storage()
    {
        EthAddress place = EthAddress.Parse("0x00000000000000000000000000000000000ace01");
        await Chain.SetBalanceAsync(place, TokenAmount.FromWhole(3));
        await Chain.SetCodeAsync(place, Contracts.Register);
        await Chain.SetStorageAsync(place, default, new EthHash(Contracts.Word(99)));
        CallOutcome read = await Chain.CallAsync(new CallRequest { To = place }, Chain.Head);
        Assert.That(read.Data, Is.EqualTo(Contracts.Word(99)));
        await Chain.SetNonceAsync(TestChain.First, 7);
        LocalMessage sent = await _test.SendAsync(_test.Sign(place, Contracts.Word(1)));
        StateView state = Chain.StateOf(Chain.Head);
        Assert.That(
            (sent.Ret.Receipt.ExitCode, state.BalanceOf(place), state.NonceOf(TestChain.First)),
            Is.EqualTo((ExitCode.Ok, TokenAmount.FromWhole(3), 8UL)));
        Assert.That(await Chain.StorageAsync(place, default, Chain.Head), Is.EqualTo(new EthHash(Contracts.Word(1))));
    }

    [Test]
    public async Task A_call_takes_accounts_for_others_without_a_trace_in_the_state()
    {
        EthAddress place = EthAddress.Parse("0x00000000000000000000000000000000000ace02");
        AccountOverride change = new(place, Code: Contracts.Register, Storage: [(default, new EthHash(Contracts.Word(12)))]);
        CallOutcome read = await Chain.CallAsync(new CallRequest { To = place }, Chain.Head, overrides: [change]);
        Assert.That(read.Data, Is.EqualTo(Contracts.Word(12)));
        Assert.That(Chain.StateOf(Chain.Head).Find(place), Is.Null);
    }

    [Test]
    public async Task Many_calls_are_made_in_one()
    {
        EthAddress register = await _test.DeployAsync();
        _ = await _test.SendAsync(_test.Sign(register, Contracts.Word(5)));

        // aggregate3 of one call without input: of the register.
        byte[] target = new byte[32];
        register.WriteTo(target.AsSpan(12));
        byte[] input =
        [
            0x82, 0xad, 0x56, 0xcb, .. Contracts.Word(32), .. Contracts.Word(1), .. Contracts.Word(32), .. target, .. Contracts.Word(0),
            .. Contracts.Word(96), .. Contracts.Word(0),
        ];
        CallOutcome read = await Chain.CallAsync(new CallRequest { To = LocalGenesis.Multicall, Input = input }, Chain.Head);
        Assert.That(read.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(
            read.Data,
            Is.EqualTo((byte[])
                [.. Contracts.Word(32), .. Contracts.Word(1), .. Contracts.Word(32), .. Contracts.Word(1),
                    .. Contracts.Word(64), .. Contracts.Word(32), .. Contracts.Word(5)]));
    }

    [Test]
    public async Task An_impersonated_contract_sends()
    {
        EthAddress register = await _test.DeployAsync();
        await Chain.SetBalanceAsync(register, TokenAmount.FromWhole(1));
        EthTransaction transaction = _test.Sign(TestChain.Accounts[2].EthAddress, [], value: 4, nonce: 0);
        EthHash hash = await Chain.SendAsAsync(transaction, register);
        LocalMessage sent = Chain.FindMessage(hash)!.Value.Message;
        Assert.That((sent.Ret.Receipt.ExitCode, sent.From), Is.EqualTo((ExitCode.Ok, register)));
        Assert.That(Chain.StateOf(Chain.Head).BalanceOf(register), Is.EqualTo(TokenAmount.FromWhole(1) - TokenAmount.FromAtto(4L)));
    }

    [Test]
    public async Task The_deployer_of_the_genesis_creates_contracts_by_their_code()
    {
        byte[] initCode = Contracts.Creating(Contracts.Register);
        byte[] salt = Contracts.Word(3);
        LocalMessage sent = await _test.SendAsync(_test.Sign(LocalGenesis.Create2Deployer, [.. salt, .. initCode]));
        byte[] expected = Crypto.Keccak256.Hash(
            [0xff, .. LocalGenesis.Create2Deployer.ToBytes(), .. salt, .. Crypto.Keccak256.Hash(initCode)]).AsSpan(12).ToArray();
        Assert.That(sent.Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(Chain.StateOf(Chain.Head).CodeOf(new EthAddress(expected)), Is.EqualTo(Contracts.Register));
    }
}
