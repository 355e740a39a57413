using System.Text;
using System.Text.Json;
using Fvm.Crypto.Bls12381;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class HashToG2Tests
{
    // The vectors of RFC 9380, appendix J.10.1, as its authors publish them.
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
