using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class BlsSharedTests
{
    [Test]
    public void Recorded_aggregates_agree_with_the_reference()
    {
        JsonElement[] cases = SharedVectors.Lines("vectors/crypto/bls.ndjson");
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement item in cases)
            {
                byte[] keys = [.. Strings(item, "public_keys").SelectMany(Convert.FromHexString)];
                ReadOnlyMemory<byte>[] messages = [.. Strings(item, "messages").Select(static text => Convert.FromHexString(text))];
                bool decodes = item.GetProperty("signature_decodes").GetBoolean() && item.GetProperty("keys_decode").GetBoolean();
                BlsVerdict expected = !decodes ? BlsVerdict.Malformed
                    : item.GetProperty("valid").GetBoolean() ? BlsVerdict.Valid : BlsVerdict.Invalid;
                Assert.That(BlsPaths.Verify(item.Bytes("signature"), keys, messages), Is.EqualTo(expected), item.ToString());
            }
        }

        Assert.That(cases, Has.Length.GreaterThanOrEqualTo(400));
    }

    private static IEnumerable<string> Strings(JsonElement item, string name) =>
        item.GetProperty(name).EnumerateArray().Select(static element => element.GetString()!);
}
