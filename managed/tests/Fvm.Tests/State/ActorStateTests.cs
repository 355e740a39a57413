using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class ActorStateTests
{
    private static readonly ActorState Sample = new()
    {
        Code = Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, "x"u8),
        State = EmptyState.Cid,
        Sequence = 3,
        Balance = TokenAmount.FromAtto(1000L),
        DelegatedAddress = Address.NewDelegated(ActorId.EthereumAddressManager, [1, 2]),
    };

    [TestCase(StateTreeVersion.V5, "85")]
    [TestCase(StateTreeVersion.V4, "84")]
    public void An_actor_comes_back(StateTreeVersion version, string head)
    {
        byte[] bytes = Sample.Encode(version);

        Assert.That(Convert.ToHexStringLower(bytes)[..2], Is.EqualTo(head));
        ActorState expected = version == StateTreeVersion.V5 ? Sample : Sample with { DelegatedAddress = null };
        Assert.That(ActorState.Decode(bytes, version), Is.EqualTo(expected));
    }

    [Test]
    public void Every_field_counts_for_equality_and_belongs_to_one_version()
    {
        ActorState[] versions =
        [
            Sample,
            Sample with { Code = EmptyState.Cid },
            Sample with { State = Sample.Code },
            Sample with { Sequence = 4 },
            Sample with { Balance = TokenAmount.Zero },
            Sample with { DelegatedAddress = null },
            Sample with { Balance = TokenAmount.Zero, State = Sample.Code },
        ];
        Assert.That(versions, Is.Unique);
        foreach (ActorState version in versions)
        {
            ActorState again = ActorState.Decode(version.Encode(StateTreeVersion.V5), StateTreeVersion.V5);
            Assert.That(again, Is.EqualTo(version));
            Assert.That(again.GetHashCode(), Is.EqualTo(version.GetHashCode()));
        }

        Assert.That(Sample.State, Is.EqualTo(EmptyState.Cid));
    }

    [Test]
    public void No_delegated_address_is_null()
    {
        byte[] bytes = (Sample with { DelegatedAddress = null }).Encode(StateTreeVersion.V5);
        Assert.That(bytes[^1], Is.EqualTo(0xf6));
        Assert.That(ActorState.Decode(bytes, StateTreeVersion.V5).DelegatedAddress, Is.Null);
    }

    [Test]
    public void An_actor_of_another_version_is_refused()
    {
        Assert.That(() => ActorState.Decode(Sample.Encode(StateTreeVersion.V4), StateTreeVersion.V5), Throws.TypeOf<CborException>());
        Assert.That(() => ActorState.Decode(Sample.Encode(StateTreeVersion.V5), StateTreeVersion.V4), Throws.TypeOf<CborException>());
    }

    [Test]
    public void Funds_go_up_and_down_and_never_below_zero()
    {
        Assert.That(Sample.Deduct(TokenAmount.FromAtto(1000L)).Balance, Is.EqualTo(TokenAmount.Zero));
        Assert.That(Sample.Deposit(TokenAmount.FromAtto(1L)).Balance, Is.EqualTo(TokenAmount.FromAtto(1001L)));
        Assert.That(() => Sample.Deduct(TokenAmount.FromAtto(1001L)), Throws.TypeOf<FatalException>());
        Assert.That(() => Sample.Deduct(TokenAmount.FromAtto(-1L)), Throws.TypeOf<FatalException>());
        Assert.That(() => Sample.Deposit(TokenAmount.FromAtto(-1L)), Throws.TypeOf<FatalException>());
    }

    [Test]
    public void The_empty_state_has_the_cid_of_the_reference() =>
        Assert.That(EmptyState.Cid.ToString(), Is.EqualTo("bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a"));
}
