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
                byte[] keys = [.. item.GetProperty("public_keys").EnumerateArray().SelectMany(static key => Convert.FromHexString(key.GetString()!))];
                ReadOnlyMemory<byte>[] messages =
                    [.. item.GetProperty("messages").EnumerateArray().Select(static text => (ReadOnlyMemory<byte>)Convert.FromHexString(text.GetString()!))];
                bool decodes = item.GetProperty("signature_decodes").GetBoolean() && item.GetProperty("keys_decode").GetBoolean();
                BlsVerdict expected = !decodes ? BlsVerdict.Malformed
                    : item.GetProperty("valid").GetBoolean() ? BlsVerdict.Valid : BlsVerdict.Invalid;
                Assert.That(BlsSignatures.VerifyAggregate(item.Bytes("signature"), keys, messages), Is.EqualTo(expected), item.ToString());
            }
        }

        Assert.That(cases, Has.Length.GreaterThanOrEqualTo(400));
    }
}
