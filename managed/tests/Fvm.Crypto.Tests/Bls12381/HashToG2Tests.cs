using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class HashToG2Tests
{
    // The vectors of RFC 9380, appendix J.10.1, as published by its authors.
    private static IEnumerable<TestCaseData> Vectors()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Bls12381", "Vectors", "BLS12381G2_XMD_SHA-256_SSWU_RO.json");
        JsonElement root = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        string tag = root.GetProperty("dst").GetString()!;
        int number = 0;
        foreach (JsonElement vector in root.GetProperty("vectors").EnumerateArray())
        {
            yield return new TestCaseData(tag, vector).SetArgDisplayNames($"vector {number++}");
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Hash_agrees_with_the_vectors_of_the_specification(string tag, JsonElement vector)
    {
        ReadOnlyMemory<byte>[] messages = [Encoding.ASCII.GetBytes(vector.GetProperty("msg").GetString()!)];
        byte[] tagBytes = Encoding.ASCII.GetBytes(tag);

        HashToG2<Fp>.HashToField(messages, tagBytes, out Fp2<Fp> u0, out Fp2<Fp> u1);
        Assert.That(Text(u0), Is.EqualTo(vector.GetProperty("u")[0].GetString()));
        Assert.That(Text(u1), Is.EqualTo(vector.GetProperty("u")[1].GetString()));
        AssertPoint(MapToCurve<Fp>.Map(u0), vector.GetProperty("Q0"));
        AssertPoint(MapToCurve<Fp>.Map(u1), vector.GetProperty("Q1"));
        AssertHash<Fp>(messages, tagBytes, vector.GetProperty("P"));
        if (FpLanes.IsSupported)
        {
            AssertHash<FpLanes>(messages, tagBytes, vector.GetProperty("P"));
            AssertHash<FpLanes>([messages[0], new byte[7]], tagBytes, vector.GetProperty("P"));
        }
    }

    // Elements at the exceptional cases of the map, with the results of @noble/curves 2.4 after cofactor clearing.
    [TestCase(
        "0",
        "0",
        "018320896ec9eef9d5e619848dc29ce266f413d02dd31d9b9d44ec0c79cd61f18b075ddba6d7bd20b7ff27a4b324bfce",
        "0a67d12118b5a35bb02d2e86b3ebfa7e23410db93de39fb06d7025fa95e96ffa428a7a27c3ae4dd4b40bd251ac658892",
        "0260e03644d1a2c321256b3246bad2b895cad13890cbe6f85df55106a0d334604fb143c7a042d878006271865bc35941",
        "04c69777a43f0bda07679d5805e63f18cf4e0e7c6112ac7f70266d199b4f76ae27c6269a3ceebdae30806e9a76aadf5c")]
    [TestCase(
        "1",
        "0",
        "1770d4f641225e1a1c0f7d05857299763e98e47ec6355b81dd6cdaf6db6825052f71d35ede3af8b70f046474c48d712e",
        "00e12b55d801607d9760f8637ac80a4fececd3eb74045b342ee3c7dddd2037e72dedccc27e9a89491d4e57bde555fead",
        "05695a740eaae8452a882e7647f22bc17782b00afa7b6be2d974824a2a7cba7eece26c60671d41145266582912235323",
        "143ef77ba72f284b5b4f5c5ea227d269d98a8cf74a5c048a07852874d50632806cf66bc25db089319df2ee3f0212fc1c")]
    [TestCase(
        "0",
        "1",
        "0f5ab9ab512bac0e5aa9d4be326afefbfa5db2dba6c88000f1cfeaa0cd62b2b2604935e2794933d76f9887bae7ed2851",
        "05d991fb690fdad1923ac1834188ed45d160a15ee5547a4476b836a158a9884236846408b8abd5d99217876d12f8f5d6",
        "1055354681ba663d288d9a5256844c48ec43e27e9f2b87ce06850d4a5661095c189f8bab578093d2161db0b32550f3a0",
        "184ee89023a361021f9d288e65deb12b2045b1e3d2560590fc3139354c51b756018cf3c54a13f60cb7b970567c39c08f")]
    public void Map_of_small_elements(string u0, string u1, string x0, string x1, string y0, string y1)
    {
        Affine<Fp2<Fp>> point = G2<Fp2<Fp>>.ClearCofactor(MapToCurve<Fp>.Map(Fp2<Fp>.Parse(u0, u1))).ToAffine(out _);
        Assert.That(Text(point.X), Is.EqualTo($"0x{x0},0x{x1}"));
        Assert.That(Text(point.Y), Is.EqualTo($"0x{y0},0x{y1}"));
    }

    private static void AssertHash<T>(ReadOnlyMemory<byte>[] messages, byte[] tag, JsonElement expected)
        where T : struct, IPrimeField<T>
    {
        Affine<Fp2<Fp>>[] hashes = new Affine<Fp2<Fp>>[T.LaneCount];
        HashToG2<T>.Hash(messages, tag, hashes);
        AssertPoint(hashes[0], expected);
    }

    private static void AssertPoint(Point<Fp2<Fp>> point, JsonElement expected) => AssertPoint(point.ToAffine(out _), expected);

    private static void AssertPoint(Affine<Fp2<Fp>> affine, JsonElement expected)
    {
        Assert.That(Text(affine.X), Is.EqualTo(expected.GetProperty("x").GetString()));
        Assert.That(Text(affine.Y), Is.EqualTo(expected.GetProperty("y").GetString()));
    }

    private static string Text(Fp2<Fp> value)
    {
        byte[] bytes = new byte[96];
        value.C0.Write(bytes);
        value.C1.Write(bytes.AsSpan(48));
        return $"0x{Convert.ToHexStringLower(bytes, 0, 48)},0x{Convert.ToHexStringLower(bytes, 48, 48)}";
    }
}
