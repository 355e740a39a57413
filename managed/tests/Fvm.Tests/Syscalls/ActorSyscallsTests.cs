using System.Numerics;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class ActorSyscallsTests
{
    private const uint CodeLength = 38;
    private const ulong Missing = 777;
    private static readonly Address Unknown = TestState.Key1(99);

    private static HarnessSetup AsInit => new() { Receiver = ActorId.Init };

    [Test]
    public void Resolve_address_of_a_key_is_charged_until_it_was_found_once()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Assert.That(Resolve(actor, TestState.BlsKey).Succeeds(p.OnResolveAddress(), p.OnResolveAddress()).U64, Is.EqualTo(101));
        Assert.That(Resolve(actor, TestState.BlsKey).Succeeds(p.OnResolveAddress()).U64, Is.EqualTo(101));
    }

    [Test]
    public void Resolve_address_of_the_message_s_own_sender_was_paid_with_the_message()
    {
        using SyscallHarness actor = new();
        Assert.That(Resolve(actor, TestState.SenderKey).Succeeds(actor.Prices.OnResolveAddress()).U64, Is.EqualTo(100));
    }

    [TestCase(104UL)]
    [TestCase(Missing)]
    [TestCase(ulong.MaxValue)]
    public void Resolve_address_of_a_number_is_the_number_whether_there_is_an_actor_or_not(ulong id)
    {
        using SyscallHarness actor = new();
        Assert.That(Resolve(actor, Address.NewId(id)).Succeeds(actor.Prices.OnResolveAddress()).U64, Is.EqualTo(id));
    }

    [Test]
    public void Resolve_address_of_an_unknown_address_is_charged_every_time()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        Resolve(actor, Unknown).Fails(ErrorNumber.NotFound, p.OnResolveAddress(), p.OnResolveAddress());
        Resolve(actor, Unknown).Fails(ErrorNumber.NotFound, p.OnResolveAddress(), p.OnResolveAddress());
    }

    [TestCase("")]
    [TestCase("00")]
    [TestCase("0080")]
    [TestCase("008000")]
    [TestCase("000100")]
    [TestCase("0500")]
    [TestCase("ff00")]
    [TestCase("01000102030405060708090a0b0c0d0e0f101112")]
    [TestCase("030102")]
    [TestCase("04")]
    public void Resolve_address_of_what_is_no_address_costs_only_the_call(string hex)
    {
        using SyscallHarness actor = new();
        byte[] bytes = Convert.FromHexString(hex);
        actor.Write(0, bytes);
        actor.Call("actor", "resolve_address", 0, (uint)bytes.Length).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Resolve_address_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "resolve_address", offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Resolve_address_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Resolve(actor, TestState.BlsKey));

    [Test]
    public void Lookup_delegated_address_gives_the_address_and_pays_for_the_actor_once()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        byte[] expected = TestState.EthAccountAddress.ToBytes();
        SyscallResult result = actor.Call("actor", "lookup_delegated_address", 102, 0, 22);
        Assert.That(result.Succeeds(p.OnLookupDelegatedAddress(), p.OnActorLookup()).U32, Is.EqualTo(22));
        Assert.That(actor.Read(0, 22), Is.EqualTo(expected));
        actor.Call("actor", "lookup_delegated_address", 102, Bounds.End - 22, 22).Succeeds(p.OnLookupDelegatedAddress());
    }

    [Test]
    public void Lookup_delegated_address_of_an_actor_without_one_is_empty()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        SyscallResult result = actor.Call("actor", "lookup_delegated_address", 101, 0, 0);
        Assert.That(result.Succeeds(p.OnLookupDelegatedAddress(), p.OnActorLookup()).U32, Is.Zero);
    }

    [Test]
    public void Lookup_delegated_address_of_a_missing_actor_pays_for_looking()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.Call("actor", "lookup_delegated_address", Missing, 0, 64).Fails(ErrorNumber.NotFound, p.OnLookupDelegatedAddress(), p.OnActorLookup());
        actor.Call("actor", "lookup_delegated_address", Missing, 0, 64).Fails(ErrorNumber.NotFound, p.OnLookupDelegatedAddress());
    }

    [Test]
    public void Lookup_delegated_address_into_too_small_a_buffer_fails_after_the_charges()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.Call("actor", "lookup_delegated_address", 102, 0, 21)
            .Fails(ErrorNumber.BufferTooSmall, p.OnLookupDelegatedAddress(), p.OnActorLookup());
        Assert.That(actor.Read(0, 22), Is.All.Zero);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Lookup_delegated_address_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "lookup_delegated_address", 102, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Lookup_delegated_address_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => actor.Call("actor", "lookup_delegated_address", 102, 0, 22));

    [Test]
    public void Get_actor_code_cid_gives_the_code_and_pays_for_the_actor_once()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        SyscallResult result = actor.Call("actor", "get_actor_code_cid", 101, 0, CodeLength);
        Assert.That(result.Succeeds(p.OnGetActorCodeCid(), p.OnActorLookup()).U32, Is.EqualTo(CodeLength));
        Assert.That(actor.ReadCid(0), Is.EqualTo(TestState.CodeOf("account")));
        actor.Call("actor", "get_actor_code_cid", 101, Bounds.End - CodeLength, CodeLength).Succeeds(p.OnGetActorCodeCid());
    }

    [TestCase(0UL, "system")]
    [TestCase(10UL, "eam")]
    [TestCase(100UL, "account")]
    [TestCase(104UL, "multisig")]
    public void Get_actor_code_cid_of_singletons_the_sender_and_the_receiver_is_paid_already(ulong id, string name)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "get_actor_code_cid", id, 0, 100).Succeeds(actor.Prices.OnGetActorCodeCid());
        Assert.That(actor.ReadCid(0), Is.EqualTo(TestState.CodeOf(name)));
    }

    [Test]
    public void Get_actor_code_cid_of_a_missing_actor_pays_for_looking()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.Call("actor", "get_actor_code_cid", Missing, 0, 100).Fails(ErrorNumber.NotFound, p.OnGetActorCodeCid(), p.OnActorLookup());
        actor.Call("actor", "get_actor_code_cid", Missing, 0, 100).Fails(ErrorNumber.NotFound, p.OnGetActorCodeCid());
    }

    [TestCase(0u)]
    [TestCase(CodeLength - 1)]
    public void Get_actor_code_cid_into_too_small_a_buffer_fails_after_the_charges(uint length)
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.Call("actor", "get_actor_code_cid", 101, 0, length).Fails(ErrorNumber.BufferTooSmall, p.OnGetActorCodeCid(), p.OnActorLookup());
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Get_actor_code_cid_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "get_actor_code_cid", 101, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Get_actor_code_cid_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => actor.Call("actor", "get_actor_code_cid", 101, 0, CodeLength));

    [Test]
    public void Next_actor_address_comes_from_the_sender_s_address_the_nonce_and_the_number_of_creations()
    {
        using SyscallHarness actor = new(AsInit);
        byte[] sender = TestState.SenderKey.ToBytes();
        Assert.That(NextAddress(actor), Is.EqualTo(Expected(0)));
        Assert.That(NextAddress(actor), Is.EqualTo(Expected(0)), "asking changes nothing");

        actor.Write(1000, TestState.CodeOf("multisig"));
        Assert.That(actor.Call("actor", "create_actor", 105, 1000, 0, 0).Number, Is.Zero);
        Assert.That(NextAddress(actor), Is.EqualTo(Expected(1)));

        byte[] Expected(byte created) =>
            Address.NewActor([(byte)(0x40 + sender.Length), .. sender, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, created]).ToBytes();
    }

    [TestCase(0u)]
    [TestCase(20u)]
    public void Next_actor_address_into_too_small_a_buffer_costs_only_the_call(uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "next_actor_address", 0, length).Fails(ErrorNumber.BufferTooSmall);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Next_actor_address_outside_of_memory_is_illegal_even_where_the_buffer_is_too_small(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "next_actor_address", offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Next_actor_address_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("actor", "next_actor_address", 0, 21));

    [Test]
    public void Create_actor_makes_an_empty_actor()
    {
        using SyscallHarness actor = new(AsInit);
        PriceList p = actor.Prices;
        actor.Write(0, TestState.CodeOf("multisig"));

        // Without a delegated address its offset is not looked at.
        actor.Call("actor", "create_actor", 105, 0, uint.MaxValue, 0).Succeeds(p.OnActorLookup(), p.OnCreateActor(false), p.OnActorUpdate());
        ActorState created = actor.Machine.StateTree.GetActor(TestState.Next)!;
        Assert.That(created, Is.EqualTo(ActorState.NewEmpty(TestState.CodeOf("multisig"), null)));
    }

    [Test]
    public void Create_actor_with_a_delegated_address_keeps_it()
    {
        using SyscallHarness actor = new(AsInit);
        PriceList p = actor.Prices;
        Address address = TestState.Eth(9);
        Create(actor, TestState.Next, TestState.CodeOf("evm"), address).Succeeds(p.OnActorLookup(), p.OnCreateActor(false), p.OnActorUpdate());
        Assert.That(actor.Machine.StateTree.GetActor(TestState.Next)!.DelegatedAddress, Is.EqualTo(address));
    }

    [Test]
    public void Create_actor_over_a_placeholder_of_the_same_address_changes_its_code_alone()
    {
        using SyscallHarness actor = new(AsInit);
        PriceList p = actor.Prices;
        ActorState before = actor.Machine.StateTree.GetActor(TestState.Placeholder)!;
        Create(actor, TestState.Placeholder, TestState.CodeOf("evm"), TestState.PlaceholderAddress)
            .Succeeds(p.OnActorLookup(), p.OnActorUpdate());
        Assert.That(
            actor.Machine.StateTree.GetActor(TestState.Placeholder),
            Is.EqualTo(before with { Code = TestState.CodeOf("evm") }));
        Assert.That(actor.Execution.ActorsCreated, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Create_actor_over_a_placeholder_of_another_address_is_forbidden(bool another)
    {
        using SyscallHarness actor = new(AsInit);
        Address? address = another ? TestState.Eth(9) : null;
        Create(actor, TestState.Placeholder, TestState.CodeOf("evm"), address).Fails(ErrorNumber.Forbidden, actor.Prices.OnActorLookup());
        Assert.That(actor.Execution.ActorsCreated, Is.Zero);
    }

    [Test]
    public void Create_actor_over_a_placeholder_without_an_address_is_fatal()
    {
        HarnessSetup setup = AsInit;
        setup.State.Set(TestState.Placeholder, "placeholder", TokenAmount.Zero);
        using SyscallHarness actor = new(setup);
        Create(actor, TestState.Placeholder, TestState.CodeOf("evm"), null).IsFatal(actor.Prices.OnActorLookup());
    }

    [Test]
    public void Create_actor_over_another_actor_is_forbidden()
    {
        using SyscallHarness actor = new(AsInit);
        Create(actor, TestState.BlsAccount, TestState.CodeOf("evm"), null).Fails(ErrorNumber.Forbidden, actor.Prices.OnActorLookup());
    }

    [Test]
    public void Create_actor_with_a_placeholder_s_code_is_forbidden_and_costs_only_the_call()
    {
        using SyscallHarness actor = new(AsInit);
        Create(actor, TestState.Next, TestState.CodeOf("placeholder"), TestState.Eth(9)).Fails(ErrorNumber.Forbidden);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Create_actor_by_another_actor_than_init_is_forbidden_and_costs_only_the_call(bool readOnly)
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = readOnly });
        Create(actor, TestState.Next, TestState.CodeOf("evm"), null).Fails(ErrorNumber.Forbidden);
    }

    [Test]
    public void Create_actor_while_read_only_is_refused_and_costs_only_the_call()
    {
        using SyscallHarness actor = new(AsInit with { ReadOnly = true });
        Create(actor, TestState.Next, TestState.CodeOf("placeholder"), null).Fails(ErrorNumber.ReadOnly);
    }

    [TestCase(Bounds.End - 37)]
    [TestCase(Bounds.End)]
    [TestCase(Bounds.End + 1)]
    [TestCase(uint.MaxValue)]
    public void Create_actor_with_a_code_cid_that_is_cut_off_costs_only_the_call(uint offset)
    {
        using SyscallHarness actor = new(AsInit);
        byte[] code = TestState.CodeOf("evm").ToBytes();
        for (uint i = 0; i < code.Length && offset + i < Bounds.End && offset <= Bounds.End; i++)
        {
            actor.Memory[(int)(offset + i)] = code[i];
        }

        actor.Call("actor", "create_actor", 105, offset, 0, 0).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Create_actor_with_an_address_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new(AsInit);
        actor.Write(0, TestState.CodeOf("evm"));
        SyscallResult result = actor.Call("actor", "create_actor", 105, 0, offset, length);
        if (length > 0)
        {
            result.Fails(ErrorNumber.IllegalArgument);
        }
        else
        {
            Assert.That(result.Number, Is.Zero);
        }
    }

    [Test]
    public void Create_actor_with_what_is_no_address_costs_only_the_call()
    {
        using SyscallHarness actor = new(AsInit);
        actor.Write(0, TestState.CodeOf("evm"));
        actor.Call("actor", "create_actor", 105, 0, 1000, 21).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Create_actor_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(AsInit), static actor => Create(actor, TestState.Next, TestState.CodeOf("evm"), TestState.Eth(9)));

    [Test]
    public void Get_builtin_actor_type_counts_from_one_and_is_zero_for_other_code()
    {
        using SyscallHarness actor = new();
        GasCharge charge = actor.Prices.OnGetBuiltinActorType();
        for (int i = 0; i < TestState.Names.Length; i++)
        {
            actor.Write(0, TestState.CodeOf(TestState.Names[i]));
            Assert.That(actor.Call("actor", "get_builtin_actor_type", 0).Succeeds(charge).U32, Is.EqualTo(i + 1));
        }

        actor.Write(Bounds.End - CodeLength, TestState.CodeOf("no builtin"));
        Assert.That(actor.Call("actor", "get_builtin_actor_type", Bounds.End - CodeLength).Succeeds(charge).U32, Is.Zero);
    }

    [TestCase(0u)]
    [TestCase(Bounds.End)]
    [TestCase(Bounds.End + 1)]
    [TestCase(uint.MaxValue)]
    public void Get_builtin_actor_type_of_what_is_no_cid_costs_only_the_call(uint offset)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "get_builtin_actor_type", offset).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Get_builtin_actor_type_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(),
        static actor =>
        {
            actor.Write(0, TestState.CodeOf("evm"));
            return actor.Call("actor", "get_builtin_actor_type", 0);
        });

    [Test]
    public void Get_code_cid_for_type_gives_the_code_of_each_type()
    {
        using SyscallHarness actor = new();
        for (uint i = 0; i < TestState.Names.Length; i++)
        {
            SyscallResult result = actor.Call("actor", "get_code_cid_for_type", i + 1, 0, CodeLength);
            Assert.That(result.Succeeds(actor.Prices.OnGetCodeCidForType()).U32, Is.EqualTo(CodeLength));
            Assert.That(actor.ReadCid(0), Is.EqualTo(TestState.CodeOf(TestState.Names[i])));
        }
    }

    [TestCase(0u)]
    [TestCase(17u)]
    [TestCase(uint.MaxValue)]
    public void Get_code_cid_for_type_of_no_type_is_illegal_and_charged(uint type)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "get_code_cid_for_type", type, 0, 100).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnGetCodeCidForType());
    }

    [Test]
    public void Get_code_cid_for_type_into_too_small_a_buffer_fails_after_the_charge()
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "get_code_cid_for_type", 1, 0, CodeLength - 1)
            .Fails(ErrorNumber.BufferTooSmall, actor.Prices.OnGetCodeCidForType());
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Get_code_cid_for_type_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("actor", "get_code_cid_for_type", 1, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Get_code_cid_for_type_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => actor.Call("actor", "get_code_cid_for_type", 1, 0, CodeLength));

    [Test]
    public void Balance_of_gives_the_balance_and_pays_for_the_actor_once()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        UInt128 rich = 1_000 * (UInt128)1_000_000_000_000_000_000;
        Assert.That(actor.Call("actor", "balance_of", 101).Succeeds(p.OnBalanceOf(), p.OnActorLookup()).U128, Is.EqualTo(rich));
        Assert.That(actor.Call("actor", "balance_of", 101).Succeeds(p.OnBalanceOf()).U128, Is.EqualTo(rich));
        Assert.That(actor.Call("actor", "balance_of", 104).Succeeds(p.OnBalanceOf()).U128, Is.EqualTo((UInt128)500));
    }

    [Test]
    public void Balance_of_a_missing_actor_pays_for_looking()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.Call("actor", "balance_of", Missing).Fails(ErrorNumber.NotFound, p.OnBalanceOf(), p.OnActorLookup());
        actor.Call("actor", "balance_of", Missing).Fails(ErrorNumber.NotFound, p.OnBalanceOf());
    }

    [TestCase(127, true)]
    [TestCase(128, false)]
    public void Balance_of_more_than_128_bits_is_fatal(int power, bool fits)
    {
        HarnessSetup setup = new();
        BigInteger amount = BigInteger.Pow(2, power);
        setup.State.Set(TestState.BlsAccount, "account", TokenAmount.FromAtto(amount));
        using SyscallHarness actor = new(setup);
        PriceList p = actor.Prices;
        SyscallResult result = actor.Call("actor", "balance_of", 101);
        if (fits)
        {
            Assert.That((BigInteger)result.Succeeds(p.OnBalanceOf(), p.OnActorLookup()).U128, Is.EqualTo(amount));
        }
        else
        {
            result.IsFatal(p.OnBalanceOf(), p.OnActorLookup());
        }
    }

    [Test]
    public void Balance_of_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("actor", "balance_of", 101));

    private static SyscallResult Resolve(SyscallHarness actor, in Address address)
    {
        byte[] bytes = address.ToBytes();
        uint offset = Bounds.End - (uint)bytes.Length;
        actor.Write(offset, bytes);
        return actor.Call("actor", "resolve_address", offset, (uint)bytes.Length);
    }

    private static SyscallResult Create(SyscallHarness actor, ActorId id, in Cid code, Address? delegated)
    {
        byte[] address = delegated?.ToBytes() ?? [];
        actor.Write(100, code);
        actor.Write(500, address);
        return actor.Call("actor", "create_actor", id.Value, 100, 500, (uint)address.Length);
    }

    private static byte[] NextAddress(SyscallHarness actor)
    {
        Assert.That(actor.Call("actor", "next_actor_address", 2000, 21).Succeeds().U32, Is.EqualTo(21));
        return actor.Read(2000, 21);
    }
}
