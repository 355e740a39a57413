using System.Diagnostics;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>A verifier decides about the proofs of a tipset, and what it rejects is named.</summary>
public sealed class ProofVerifierTests
{
    // A tipset with a ProveCommitSectors3.
    private const long Epoch = 3593;

    private readonly EnginePool _pool = new(new EnginePoolOptions());
    private readonly NetworkParameters _network = NetworkCatalog.LotusTests with { Upgrades = UpgradeSchedule.Parse("-1:29") };
    private ReplayItem _item;
    private ChainReader _reader = null!;

    [OneTimeSetUp]
    public void FindATipsetWithAProof()
    {
        string file = Repository.Shared("lotus", "proofs", "chain.car.xz");
        using Process unpack = Process.Start(new ProcessStartInfo("xz", ["-dc", file]) { RedirectStandardOutput = true })!;
        using CarBlockstore blocks = CarBlockstore.Load(unpack.StandardOutput.BaseStream, new CarReadOptions { VerifyDigests = false });
        _reader = new ChainReader(blocks);
        _item = Replayer(verifier: null).Plan(_reader.Load(blocks.Roots), new ChainEpoch(Epoch), new ChainEpoch(Epoch)).Single();
    }

    [OneTimeTearDown]
    public void Release() => _pool.Dispose();

    [Test]
    public void A_proof_that_does_not_verify_is_a_difference_that_names_message_and_proof()
    {
        TipsetReport report = Check(new Verifier { IsValid = false });

        Assert.That(report.Status, Is.EqualTo(TipsetStatus.Different));
        Assert.That(report.HasRejectedProofs, Is.True);
        TipsetDifference first = report.Differences[0];
        Assert.That(first.What, Does.Match("^proof in message bafy[a-z0-9]+$"));
        Assert.That(first.Ours, Does.Match("^the seal of sector [0-9]+ of f0[0-9]+ is rejected: it does not verify$"));
        Assert.That(first.Expected, Is.EqualTo("it as valid"));
    }

    [Test]
    public void The_reason_of_a_library_is_in_the_report()
    {
        TipsetReport report = Check(new Verifier { Reason = "no\nkey" });

        Assert.That(report.Status, Is.EqualTo(TipsetStatus.Different));
        Assert.That(report.Differences[0].Ours, Does.EndWith(" is rejected: no key").Or.EndWith("it does not verify"));
    }

    [Test]
    public void A_verifier_that_takes_all_makes_no_difference()
    {
        Verifier verifier = new();
        Assert.That(Check(verifier).Status, Is.EqualTo(TipsetStatus.Equal));
        Assert.That(verifier.Calls, Is.Positive);
    }

    [Test]
    public void Proofs_without_a_verifier_count_as_valid() => Assert.That(Check(verifier: null).Status, Is.EqualTo(TipsetStatus.Equal));

    [Test]
    public void A_verifier_is_of_the_tipsets_network_version()
    {
        List<NetworkVersion> versions = [];
        TipsetExecutor executor = new(_pool, _reader, _network)
        {
            Verifier = version =>
            {
                versions.Add(version);
                return new Verifier();
            },
        };

        ExecutionThread.Run(() => new ChainReplayer(executor).Check(_item));

        Assert.That(versions, Is.EqualTo((NetworkVersion[])[(NetworkVersion)_network.Upgrades.VersionAt(_item.Tipset.Epoch)]));
    }

    private TipsetReport Check(Verifier? verifier) => ExecutionThread.Run(() => Replayer(verifier).Check(_item));

    private ChainReplayer Replayer(Verifier? verifier) =>
        new(new TipsetExecutor(_pool, _reader, _network) { Verifier = verifier is null ? null : _ => verifier });

    private sealed class Verifier : IProofs
    {
        public bool IsValid { get; init; } = true;

        public string? Reason { get; init; }

        public int Calls { get; private set; }

        public bool VerifyPost(WindowPostVerifyInfo info) => Answer();

        public bool VerifySeal(SealVerifyInfo seal) => Answer();

        public bool[] VerifySeals(SealVerifyInfo[] batch) => [.. batch.Select(_ => Reason is null && Answer())];

        public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => Answer();

        public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => Answer();

        private bool Answer()
        {
            Calls++;
            return Reason is null ? IsValid : throw new ProofException(Reason);
        }
    }
}
