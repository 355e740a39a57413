using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Charges against figures derived by hand from the reference's price lists; all in milligas.</summary>
public sealed class PriceListTests
{
    private static PriceList Skyr => PriceTable.Skyr;

    private static PriceList Hygge => PriceTable.Hygge;

    private static PriceList Watermelon => PriceTable.Watermelon;

    private static PriceList Teep => PriceTable.Teep;

    private static IEnumerable<TestCaseData> Charges()
    {
        yield return Case(Watermelon.OnChainMessage(100), "OnChainMessage", 38_863_000, (475_000 + 36 * 1300 + 100 * 1300) * 1000L);
        yield return Case(Hygge.OnChainMessage(100), "OnChainMessage", 38_863_000, (475_000 + 36 * 1300 + 100 * 1300) * 1000L);
        yield return Case(Skyr.OnChainMessage(100), "OnChainMessage", 38_863_000, (36 + 100) * 1300 * 1000L);
        yield return Case(Watermelon.OnMethodReturn(1, 10, 3), "OnChainReturnValue", 0, 13_000_000);
        yield return Case(Watermelon.OnMethodReturn(2, 10, 3), "OnReturnValue", 900_000, 0);
        yield return Case(Skyr.OnChainReturnValue(10), "OnChainReturnValue", 0, 13_000_000);
        yield return Case(Skyr.OnChainReturnValue(0), "OnChainReturnValue", 0, 0);
        yield return Case(Hygge.OnVerifySealOfBatch(), "OnVerifySeal", 2_000_000, 0);
        yield return Case(Watermelon.OnValueTransfer(), "OnValueTransfer", 6_000_000, 0);
        yield return Case(Watermelon.OnMethodInvocation(2), "OnMethodInvocation", 75_600_000, 0);
        yield return Case(Hygge.OnMethodInvocation(2), "OnMethodInvocation", 75_000_000, 0);
        yield return Case(Skyr.OnMethodInvocation(TokenAmount.Zero, MethodNumber.Send), "OnMethodInvocation", 29_233_000, 0);
        yield return Case(Skyr.OnMethodInvocation(TokenAmount.Zero, new(2)), "OnMethodInvocation", 23_856_000, 0);
        yield return Case(Skyr.OnMethodInvocation(TokenAmount.FromAtto(1L), new(2)), "OnMethodInvocation", 51_356_000, 0);
        yield return Case(Skyr.OnMethodInvocation(TokenAmount.FromAtto(1L), MethodNumber.Send), "OnMethodInvocation", 216_405_000, 0);
        yield return Case(Watermelon.OnSyscall(), "OnSyscall", 14_000_000, 0);
        yield return Case(Watermelon.OnCreateActor(false), "OnCreateActor", 0, 650_000_000);
        yield return Case(Watermelon.OnCreateActor(true), "OnCreateActor", 0, 2_700_000_000);
        yield return Case(Skyr.OnCreateActor(true), "OnCreateActor", 1_108_454_000, 98_800_000);
        yield return Case(Watermelon.OnDeleteActor(), "OnDeleteActor", 0, 0);
        yield return Case(Watermelon.OnActorLookup(), "OnActorLookup", 0, 500_000_000);
        yield return Case(Watermelon.OnActorUpdate(), "OnActorUpdate", 0, 475_000_000);
        yield return Case(Watermelon.OnResolveAddress(), "OnResolveAddress", 0, 0);
        yield return Case(Watermelon.OnLookupDelegatedAddress(), "OnLookupAddress", 0, 0);
        yield return Case(Watermelon.OnGetRoot(), "OnActorGetRoot", 300_000, 0);
        yield return Case(Watermelon.OnSetRoot(), "OnActorSetRoot", 300_000, 0);
        yield return Case(Watermelon.OnBlockOpenBase(), "OnBlockOpenBase", 300_000, 187_440_000);
        yield return Case(Hygge.OnBlockOpenBase(), "OnBlockOpenBase", 0, 187_440_000);
        yield return Case(Skyr.OnBlockOpenBase(), "OnBlockOpenBase", 135_617_000, 0);
        yield return Case(Watermelon.OnBlockOpen(10, 0), "OnBlockOpen", 0, 100_000);
        yield return Case(Watermelon.OnBlockOpen(1000, 4), "OnBlockOpen", 1_200_000, 8_800_000);
        yield return Case(Watermelon.OnBlockOpen(10, 4), "OnBlockOpen", 1_200_000, 24_000);
        yield return Case(Hygge.OnBlockOpen(10, 0), "OnBlockOpenPerByte", 24_000, 76_000);
        yield return Case(Skyr.OnBlockOpen(10, 0), "OnBlockOpenPerByte", 105_000, 0);
        yield return Case(Watermelon.OnBlockRead(10), "OnBlockRead", 4_000, 0);
        yield return Case(Skyr.OnBlockRead(10), "OnBlockRead", 5_000, 0);
        yield return Case(Watermelon.OnBlockCreate(10, 0), "OnBlockCreate", 24_000, 76_000);
        yield return Case(Watermelon.OnBlockCreate(10, 1), "OnBlockCreate", 324_000, 0);
        yield return Case(Skyr.OnBlockCreate(10, 0), "OnBlockCreate", 105_000, 0);
        yield return Case(
            Watermelon.OnBlockLink(SupportedHash.Blake2b256, 100), "OnBlockLink", 40_000 + 200_000 + 1_000_000 + 300_000, 840_000_000);
        yield return Case(Hygge.OnBlockLink(SupportedHash.Blake2b256, 100), "OnBlockLink", 1_240_000, 840_000_000);
        yield return Case(Skyr.OnBlockLink(SupportedHash.Blake2b256, 100), "OnBlockLink", 353_740_000, 130_000_000);
        yield return Case(Watermelon.OnBlockStat(), "OnBlockStat", 0, 0);
        yield return Case(Watermelon.OnScanIpldLinks(3, 2), "OnScanIpldLinks", 905_000, 0);
        yield return Case(Watermelon.OnVerifySignature(SignatureType.Bls, 10), "OnVerifySignature", 16_598_865_000, 0);
        yield return Case(Watermelon.OnVerifySignature(SignatureType.Secp256k1, 10), "OnVerifySignature", 1_637_392_000, 0);
        yield return Case(Skyr.OnVerifySignature(SignatureType.Bls, 10), "OnVerifySignature", 16_598_605_000, 0);
        yield return Case(Watermelon.OnVerifyAggregateSignature(2, 10), "OnVerifyBlsAggregateSignature", 24_897_976_000, 0);
        yield return Case(Watermelon.OnRecoverSecpPublicKey(), "OnRecoverSecpPublicKey", 1_637_292_000, 0);
        yield return Case(Watermelon.OnHashing(SupportedHash.Sha2256, 10), "OnHashing", 70_000, 0);
        yield return Case(Watermelon.OnHashing(SupportedHash.Blake2b256, 10), "OnHashing", 100_000, 0);
        yield return Case(Watermelon.OnHashing(SupportedHash.Blake2b512, 10), "OnHashing", 100_000, 0);
        yield return Case(Watermelon.OnHashing(SupportedHash.Keccak256, 10), "OnHashing", 330_000, 0);
        yield return Case(Watermelon.OnHashing(SupportedHash.Ripemd160, 10), "OnHashing", 350_000, 0);
        yield return Case(Skyr.OnHashing(SupportedHash.Blake2b256, 10), "OnHashing", 31_355_000, 0);
        yield return Case(Watermelon.OnComputeUnsealedSectorCid(), "OnComputeUnsealedSectorCid", 98_647_000, 0);
        yield return Case(Watermelon.OnVerifySeal(), "OnVerifySeal", 2_000_000, 0);
        yield return Case(Teep.OnVerifySeal(), "OnVerifySeal", 42_000_000_000, 0);
        yield return Case(Watermelon.OnVerifyReplicaUpdate(), "OnVerifyReplicaUpdate", 36_316_136_000, 0);
        yield return Case(Watermelon.OnVerifyPost(2), "OnVerifyPost", 117_768_481_000, 0);
        yield return Case(Watermelon.OnVerifyConsensusFault(), "OnVerifyConsensusFault", 0, 516_422_000);
        yield return Case(Skyr.OnVerifyConsensusFault(), "OnVerifyConsensusFault", 516_422_000, 0);
        yield return Case(Watermelon.OnGetRandomness(20), "OnGetRandomness", 0, (5800 * 19 + 15_000 + 21_000 + 75 * 20) * 1000L);
        yield return Case(Hygge.OnGetRandomnessWithEntropy(32), "OnGetRandomness", 0, 21_800_000);
        yield return Case(Skyr.OnGetRandomnessWithEntropy(32), "OnGetRandomness", 21_000_000, 0);
        yield return Case(Watermelon.OnTipsetCid(20), "OnTipsetCid", 0, 147_700_000);
        yield return Case(Hygge.OnTipsetCid(1), "OnTipsetCid", 0, 50_000_000);
        yield return Case(Hygge.OnTipsetCid(2), "OnTipsetCid", 0, 215_000_000);
        yield return Case(
            Watermelon.OnActorEvent(2, 10, 20),
            "OnActorEvent",
            2 * 60 * 2_400 + 2_000_000 + 2 * 1_400_000 + 500_000 + 10 * 16_000,
            60 * 10_000 + 60 * 2_400);
        yield return Case(Hygge.OnActorEventValidate(100), "OnActorEventValidate", 240_000 + 1_750_000 + 2_500_000, 0);
        yield return Case(Hygge.OnActorEventAccept(88), "OnActorEventAccept", 240_000, 80_000 + 200_000 + 1_000_000);
        yield return Case(PriceList.OnChargeGas("mine", 5), "mine", 5_000, 0);
    }

    [TestCaseSource(nameof(Charges))]
    public void Charges_are_those_of_the_reference(GasCharge charge, string name, long compute, long other) =>
        Assert.That((charge.Name, (long)charge.Compute.Milli, (long)charge.Other.Milli), Is.EqualTo((name, compute, other)));

    // From the reference's tests of the prices of FIP-0092.
    [TestCase(nameof(PriceTable.Watermelon), RegisteredSealProof.StackedDrg32GiBV1P1, 3, 449_900L * 3)]
    [TestCase(nameof(PriceTable.Watermelon), RegisteredSealProof.StackedDrg32GiBV1P1, 4, 449_900L * 4 + 103_994_170)]
    [TestCase(nameof(PriceTable.Watermelon), RegisteredSealProof.StackedDrg64GiBV1P1, 410, 359_272L * 410 + 509_880_640)]
    [TestCase(nameof(PriceTable.Teep), RegisteredSealProof.StackedDrg32GiBV1P1, 65, 449_900L * 65 + 162_039_100)]
    [TestCase(nameof(PriceTable.Watermelon), RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep, 7, 449_900L * 7 + 112_356_810)]
    [TestCase(nameof(PriceTable.Teep), RegisteredSealProof.StackedDrg32GiBV1P2NiPoRep, 1, 118_025_550L)]
    [TestCase(nameof(PriceTable.Teep), RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep, 1, 115_329_958L)]
    [TestCase(nameof(PriceTable.Teep), RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep, 16, 35_928L * 126 * 16 + 203_017_690)]
    [TestCase(nameof(PriceTable.Teep), RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep, 65, 35_928L * 126 * 65 + 509_880_640)]
    [TestCase(nameof(PriceTable.Teep), RegisteredSealProof.StackedDrg2KiBV1P1, 4, 449_900L * 4 + 103_994_170)]
    [TestCase(nameof(PriceTable.Skyr), (RegisteredSealProof)77, 4, 449_900L * 4 + 103_994_170)]
    public void Aggregates_of_seals_cost_by_kind_and_number(string list, RegisteredSealProof proof, int count, long gas) =>
        Assert.That(ListOf(list).OnVerifyAggregateSeals(proof, count).Compute, Is.EqualTo(Gas.Of((ulong)gas)));

    [Test]
    public void Charges_that_a_list_does_not_make_are_none()
    {
        GasCharge[] none =
        [
            Hygge.OnMethodReturn(2, 10, 0), Hygge.OnGetRoot(), Hygge.OnSetRoot(), Hygge.OnChainReturnValue(10),
            Hygge.OnMethodInvocation(TokenAmount.FromAtto(1L), new(2)),
            Skyr.OnMethodReturn(1, 10, 0), Skyr.OnMethodReturn(2, 10, 0), Skyr.OnGetRoot(), Skyr.OnSetRoot(), Skyr.OnSelfBalance(),
            Skyr.OnActorLookup(), Skyr.OnActorUpdate(), Skyr.OnResolveAddress(), Skyr.OnGetActorCodeCid(), Skyr.OnGetBuiltinActorType(),
            Skyr.OnGetCodeCidForType(), Skyr.OnValueTransfer(), Skyr.OnMethodInvocation(0), Skyr.OnVerifySealOfBatch(),
        ];
        Assert.That(none, Is.All.EqualTo(GasCharge.None));
        Assert.That(Hygge.OnMethodReturn(1, 10, 0).IsNone, Is.False);
    }

    [Test]
    public void Memory_and_tables_cost_by_the_byte()
    {
        Assert.That(Watermelon.OfMemory(65_536), Is.EqualTo(Gas.OfMilli(65_536 * 400)));
        Assert.That(Watermelon.OfTable(10), Is.EqualTo(Gas.OfMilli(10 * 8 * 400)));
        Assert.That(Skyr.OfMemory(65_536), Is.EqualTo(Gas.Zero));
    }

    [Test]
    public void Deleting_an_actor_gives_gas_back_at_skyr_alone()
    {
        Assert.That(Skyr.OnDeleteActor().Refund, Is.EqualTo(Gas.Of(76 * 1300)));
        Assert.That(Watermelon.OnDeleteActor().Refund, Is.EqualTo(Gas.Zero));
    }

    [TestCase("nv18", nameof(PriceTable.Hygge))]
    [TestCase("nv21", nameof(PriceTable.Watermelon))]
    [TestCase("nv28", nameof(PriceTable.Teep))]
    public void Recorded_messages_begin_with_their_inclusion(string network, string list)
    {
        int count = 0;
        foreach (JsonElement vector in SharedVectors.Read(network, "sends"))
        {
            JsonElement[] messages = [.. vector.GetProperty("apply_messages").EnumerateArray()];
            JsonElement[] results = [.. vector.GetProperty("postconditions").GetProperty("apply_rets").EnumerateArray()];
            for (int i = 0; i < messages.Length; i++)
            {
                if (messages[i].GetProperty("kind").GetString() == "explicit" && results[i].TryGetProperty("trace", out JsonElement trace)
                    && trace.ValueKind == JsonValueKind.Array && trace.GetArrayLength() > 0)
                {
                    GasCharge charge = ListOf(list).OnChainMessage(messages[i].GetProperty("raw_length").GetInt32());
                    Assert.That(charge.Name, Is.EqualTo(trace[0][1].GetString()));
                    Assert.That(charge.Compute.Milli, Is.EqualTo(trace[0][2].GetUInt64()));
                    Assert.That(charge.Other.Milli, Is.EqualTo(trace[0][3].GetUInt64()));
                    count++;
                }
            }
        }

        Assert.That(count, Is.Positive);
    }

    private static PriceList ListOf(string name) =>
        NetworkTable.All.ToArray().Select(static rules => rules.Prices).First(list => list.Name == name);

    private static TestCaseData Case(GasCharge charge, string name, long compute, long other) => new(charge, name, compute, other);
}
