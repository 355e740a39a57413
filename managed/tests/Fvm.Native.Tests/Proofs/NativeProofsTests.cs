using System.Text;
using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native.Tests;

public sealed class NativeProofsTests
{
    private const string Prover1000 = "e807000000000000000000000000000000000000000000000000000000000000";

    private static readonly byte[] Randomness = Enumerable.Repeat((byte)0xff, 32).ToArray();
    private static readonly Cid Sealed = Cid.CreateV1(
        Multicodec.FilCommitmentSealed, MultihashCode.PoseidonBls12_381A2Fc1, Enumerable.Repeat((byte)0xaa, 32).ToArray());

    private static readonly Cid Unsealed = Cid.CreateV1(
        Multicodec.FilCommitmentUnsealed, MultihashCode.Sha2_256Trunc254Padded, Enumerable.Repeat((byte)0xbb, 32).ToArray());

    private readonly List<string> _lines = [];
    private RecordingProofs _library = null!;
    private NativeProofs _proofs = null!;

    [OneTimeSetUp]
    public void Load() => _library = RecordingProofs.Load();

    [OneTimeTearDown]
    public void Unload() => _library?.Dispose();

    [SetUp]
    public void Make()
    {
        _library.Reset();
        _lines.Clear();
        _proofs = With(_library.Functions);
    }

    [TearDown]
    public void Every_answer_was_freed() => Assert.That(_library.Leaks, Is.Zero);

    [Test]
    public void A_window_proof_is_handed_over_with_its_randomness_as_a_field_element()
    {
        Assert.That(_proofs.VerifyPost(Post()), Is.True);
        string randomness = new string('f', 62) + "3f";
        Assert.That(_library.Last, Is.EqualTo(
            $"verify_window_post randomness={randomness} kind=13 comm_r={Hex(0xaa)} sector=5 kind=13 proof=0102 prover={Prover1000}"));
    }

    [TestCase(1, true)]
    [TestCase(0, false)]
    public void What_the_library_answers_is_the_answer(int answer, bool valid)
    {
        _library.Answer(answer);

        Assert.That(_proofs.VerifyPost(Post()), Is.EqualTo(valid));
        Assert.That(_proofs.VerifyAggregateSeals(Aggregate()), Is.EqualTo(valid));
        Assert.That(_proofs.VerifyReplicaUpdate(Update()), Is.EqualTo(valid));
        Assert.That(_proofs.VerifySeals([Seal(1)]), Is.EqualTo(new[] { valid }));
    }

    [Test]
    public void An_error_of_the_library_is_no_proof_and_in_a_batch_just_not_valid()
    {
        _library.Answer(-1);

        Assert.That(() => _proofs.VerifyPost(Post()), Throws.TypeOf<ProofException>().With.Message.EqualTo("the proof is refused, as asked"));
        Assert.That(() => _proofs.VerifyAggregateSeals(Aggregate()), Throws.TypeOf<ProofException>());
        Assert.That(() => _proofs.VerifyReplicaUpdate(Update()), Throws.TypeOf<ProofException>());
        Assert.That(_proofs.VerifySeals([Seal(1), Seal(2)]), Is.EqualTo(new[] { false, false }));
    }

    [Test]
    public void A_seal_is_handed_over()
    {
        _proofs.VerifySeals([Seal(77)]);

        Assert.That(_library.Last, Is.EqualTo(
            $"verify_seal kind=8 comm_r={Hex(0xaa)} comm_d={Hex(0xbb)} prover={Prover1000} ticket={Hex(0xff)} seed={Hex(0xff)} sector=77 proof=07"));
    }

    [Test]
    public void Seals_of_a_batch_are_verified_side_by_side_each_with_its_own_answer()
    {
        SealVerifyInfo[] batch = Enumerable.Range(0, 32).Select(i => Seal((ulong)i)).ToArray();
        batch[7] = batch[7] with { Randomness = new byte[31] };
        batch[9] = batch[9] with { SealedCid = Unsealed };

        bool[] valid = _proofs.VerifySeals(batch);

        for (int i = 0; i < batch.Length; i++)
        {
            Assert.That(valid[i], Is.EqualTo(i is not (7 or 9)), $"seal {i}");
        }

        Assert.That(_library.Calls, Is.EqualTo(30));
        if (Environment.ProcessorCount > 1)
        {
            Assert.That(_library.MostAtOnce, Is.GreaterThan(1));
        }
    }

    [Test]
    public void An_empty_batch_is_no_call()
    {
        Assert.That(_proofs.VerifySeals([]), Is.Empty);
        Assert.That(_library.Calls, Is.Zero);
    }

    [Test]
    public void An_aggregate_is_handed_over()
    {
        _proofs.VerifyAggregateSeals(Aggregate());
        string seal = $" comm_r={Hex(0xaa)} comm_d={Hex(0xbb)} sector={{0}} ticket={Hex(0xff)} seed={Hex(0xff)}";

        Assert.That(_library.Last, Is.EqualTo(
            $"verify_aggregate_seal_proof kind=8 aggregation=1 prover={Prover1000} proof=0908" + string.Format(seal, 1) + string.Format(seal, 2)));
    }

    [Test]
    public void An_update_is_handed_over()
    {
        _proofs.VerifyReplicaUpdate(Update());

        Assert.That(_library.Last, Is.EqualTo(
            $"verify_empty_sector_update_proof kind=3 proof=0304 comm_r_old={Hex(0xaa)} comm_r_new={Hex(0xaa)} comm_d_new={Hex(0xbb)}"));
    }

    [Test]
    public void What_cannot_be_a_proof_is_refused_without_asking()
    {
        Assert.Multiple(() =>
        {
            Refused(() => _proofs.VerifyPost(Post() with { Proofs = [] }));
            Refused(() => _proofs.VerifyPost(Post() with { Randomness = new byte[31] }));
            Refused(() => _proofs.VerifyPost(Post() with
            {
                Proofs = [new PostProof(RegisteredPostProof.Window32GiBV1P1, new byte[1]), new PostProof(RegisteredPostProof.Window64GiBV1P1, new byte[1])],
            }));
            Refused(() => _proofs.VerifyPost(Post() with { Proofs = [new PostProof((RegisteredPostProof)15, new byte[1])], ChallengedSectors = [] }));
            Refused(() => _proofs.VerifyPost(Post() with { ChallengedSectors = [new SectorInfo(RegisteredSealProof.StackedDrg64GiBV1P1, 5, Sealed)] }));
            Refused(() => _proofs.VerifyPost(Post() with { ChallengedSectors = [new SectorInfo(RegisteredSealProof.StackedDrg32GiBV1P1, 5, Unsealed)] }));
            Refused(() => _proofs.VerifyAggregateSeals(Aggregate() with { Infos = [] }));
            Refused(() => _proofs.VerifyAggregateSeals(Aggregate() with { SealProof = (RegisteredSealProof)20 }));
            Refused(() => _proofs.VerifyAggregateSeals(Aggregate() with { AggregateProof = (RegisteredAggregateProof)(-1) }));
            Refused(() => _proofs.VerifyReplicaUpdate(Update() with { UpdateProof = (RegisteredUpdateProof)5 }));
            Refused(() => _proofs.VerifyReplicaUpdate(Update() with { NewUnsealedCid = Sealed }));
        });
    }

    [TestCase(NetworkVersion.Nv17, RegisteredPostProof.Window32GiBV1, true)]
    [TestCase(NetworkVersion.Nv17, RegisteredPostProof.Window32GiBV1P1, false)]
    [TestCase(NetworkVersion.Nv20, RegisteredPostProof.Window32GiBV1, true)]
    [TestCase(NetworkVersion.Nv20, RegisteredPostProof.Window32GiBV1P1, true)]
    [TestCase(NetworkVersion.Nv21, RegisteredPostProof.Window32GiBV1, false)]
    [TestCase(NetworkVersion.Nv21, RegisteredPostProof.Window32GiBV1P1, true)]
    public void Each_generation_knows_its_window_proofs(NetworkVersion version, RegisteredPostProof kind, bool good)
    {
        NativeProofs proofs = With(_library.Functions, version);
        WindowPostVerifyInfo post = Post() with { Proofs = [new PostProof(kind, new byte[] { 1 })] };

        if (good)
        {
            Assert.That(proofs.VerifyPost(post), Is.True);
        }
        else
        {
            Assert.That(() => proofs.VerifyPost(post), Throws.TypeOf<ProofException>());
        }
    }

    [TestCase(NetworkVersion.Nv17, 9, 10)]
    [TestCase(NetworkVersion.Nv20, 14, 15)]
    [TestCase(NetworkVersion.Nv21, 19, 20)]
    public void Each_generation_knows_its_seals(NetworkVersion version, int known, int unknown)
    {
        NativeProofs proofs = With(_library.Functions, version);

        Assert.That(proofs.VerifyAggregateSeals(Aggregate() with { SealProof = (RegisteredSealProof)known }), Is.True);
        Assert.That(
            () => proofs.VerifyAggregateSeals(Aggregate() with { SealProof = (RegisteredSealProof)unknown }), Throws.TypeOf<ProofException>());
    }

    [Test]
    public void Without_a_proofs_library_proofs_are_refused_and_the_log_says_so_once_of_each_kind()
    {
        NativeProofs proofs = With(default);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => proofs.VerifyPost(Post()), Throws.TypeOf<ProofException>());
            Assert.That(() => proofs.VerifyAggregateSeals(Aggregate()), Throws.TypeOf<ProofException>());
            Assert.That(() => proofs.VerifyReplicaUpdate(Update()), Throws.TypeOf<ProofException>());
            Assert.That(proofs.VerifySeals([Seal(1), Seal(2)]), Is.EqualTo(new[] { false, false }));
        }

        Assert.That(_lines.Count(line => line.Contains(" ERROR ")), Is.EqualTo(4));
        foreach (string function in new[] { "verify_window_post", "verify_aggregate_seal_proof", "verify_empty_sector_update_proof", "verify_seal" })
        {
            Assert.That(_lines, Has.Some.Contains($"no {function}:"));
        }
    }

    private static string Hex(byte value) => Convert.ToHexStringLower(Enumerable.Repeat(value, 32).ToArray());

    private static WindowPostVerifyInfo Post() => new(
        Randomness,
        [new PostProof(RegisteredPostProof.Window32GiBV1P1, new byte[] { 1, 2 })],
        [new SectorInfo(RegisteredSealProof.StackedDrg32GiBV1P1, 5, Sealed)],
        new ActorId(1000));

    private static SealVerifyInfo Seal(ulong number) => new()
    {
        RegisteredProof = RegisteredSealProof.StackedDrg32GiBV1P1,
        Sector = new SectorId(new ActorId(1000), number),
        DealIds = [],
        Randomness = Randomness,
        InteractiveRandomness = Randomness,
        Proof = new byte[] { 7 },
        SealedCid = Sealed,
        UnsealedCid = Unsealed,
    };

    private static AggregateSealVerifyProofAndInfos Aggregate() => new(
        new ActorId(1000),
        RegisteredSealProof.StackedDrg32GiBV1P1,
        RegisteredAggregateProof.SnarkPackV2,
        new byte[] { 9, 8 },
        [
            new AggregateSealVerifyInfo(1, Randomness, Randomness, Sealed, Unsealed),
            new AggregateSealVerifyInfo(2, Randomness, Randomness, Sealed, Unsealed),
        ]);

    private static ReplicaUpdateInfo Update() =>
        new(RegisteredUpdateProof.StackedDrg32GiBV1, Sealed, Sealed, Unsealed, new byte[] { 3, 4 });

    private void Refused(Action ask)
    {
        Assert.That(ask, Throws.TypeOf<ProofException>());
        Assert.That(_library.Calls, Is.Zero);
    }

    private NativeProofs With(ProofFunctions functions, NetworkVersion version = NetworkVersion.Nv28)
    {
        Log log = new(LogFilter.Parse("debug"), asJson: false, line =>
        {
            lock (_lines)
            {
                _lines.Add(Encoding.UTF8.GetString(line));
            }
        });
        return new NativeProofs(functions, NetworkRules.For(version), text => log.Write(LogLevel.Debug, text), new MissingProofs(log).Missing);
    }
}
