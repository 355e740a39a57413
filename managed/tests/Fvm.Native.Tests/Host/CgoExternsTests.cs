using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native.Tests;

public sealed class CgoExternsTests
{
    private FakeHost _host = null!;
    private HostCalls _calls = null!;
    private CgoExterns _externs = null!;

    [SetUp]
    public void Make()
    {
        _host = new FakeHost();
        _calls = new HostCalls();
        _externs = new CgoExterns(_host.Functions, _host.Handle, _calls);
    }

    [Test]
    public void Randomness_is_32_bytes_of_the_hosts()
    {
        Assert.That(_externs.GetChainRandomness(new ChainEpoch(7)), Is.EqualTo(Enumerable.Repeat((byte)7, 32)));
        Assert.That(_externs.GetBeaconRandomness(new ChainEpoch(8)), Is.EqualTo(Enumerable.Repeat((byte)8, 32)));
        Assert.That(_calls.Total, Is.EqualTo(2));
    }

    [Test]
    public void No_fault_is_null_and_its_gas_is_told()
    {
        _host.Fault = (0, 99, 99, 12);

        (ConsensusFault? fault, long gas) = _externs.VerifyConsensusFault([], [], []);

        Assert.That(fault, Is.Null);
        Assert.That(gas, Is.EqualTo(12));
    }

    [TestCase(1, ConsensusFaultType.DoubleForkMining)]
    [TestCase(2, ConsensusFaultType.ParentGrinding)]
    [TestCase(3, ConsensusFaultType.TimeOffsetMining)]
    public void A_fault_names_miner_epoch_and_type(long number, ConsensusFaultType type)
    {
        _host.Fault = (number, 1000, 55, 1);

        (ConsensusFault? fault, _) = _externs.VerifyConsensusFault([1], [2], [3]);

        Assert.That(fault, Is.EqualTo(new ConsensusFault(new ActorId(1000), new ChainEpoch(55), type)));
    }

    [TestCase(4)]
    [TestCase(-1)]
    public void A_fault_of_unknown_type_is_a_failure_of_the_host(long number)
    {
        _host.Fault = (number, 1, 1, 1);

        Assert.That(() => _externs.VerifyConsensusFault([1], [2], [3]), Throws.TypeOf<ExternException>());
    }

    [Test]
    public void A_tipset_CID_is_read_from_the_start_of_its_room()
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, [1, 2]);
        _host.TipsetCid = cid.ToBytes();

        Assert.That(_externs.GetTipsetCid(new ChainEpoch(1)), Is.EqualTo(cid));
    }

    [Test]
    public void What_is_no_CID_is_a_failure_of_the_host() =>
        Assert.That(() => _externs.GetTipsetCid(new ChainEpoch(1)), Throws.TypeOf<ExternException>());

    [TestCase(-2, false)]
    [TestCase(-3, false)]
    [TestCase(-5, false)]
    [TestCase(-1, true)]
    [TestCase(1, true)]
    public void Failures_are_failures_and_answers_without_meaning_are_breaches(int answer, bool breach)
    {
        _host.Answer = answer;

        Assert.That(() => _externs.GetChainRandomness(new ChainEpoch(1)), Throws.TypeOf<ExternException>());
        Assert.That(() => _externs.GetTipsetCid(new ChainEpoch(1)), Throws.TypeOf<ExternException>());
        Assert.That(() => _externs.VerifyConsensusFault([1], [2], [3]), Throws.TypeOf<ExternException>());
        Assert.That(_calls.Breach is not null, Is.EqualTo(breach));
    }
}
