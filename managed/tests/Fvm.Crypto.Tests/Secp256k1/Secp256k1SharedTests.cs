using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Secp256k1SharedTests
{
    [Test]
    public void Recorded_recoveries_agree_with_the_reference()
    {
        JsonElement[] cases = SharedVectors.Lines("vectors/crypto/secp256k1.ndjson");
        byte[] key = new byte[65];
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement item in cases)
            {
                string? expected = item.GetProperty("public_key").GetString();
                bool found = Crypto.Secp256k1.TryRecover(item.Bytes("hash"), item.Bytes("signature"), key);
                Assert.That(found ? Convert.ToHexStringLower(key) : null, Is.EqualTo(expected), item.ToString());
            }
        }

        Assert.That(cases, Has.Length.GreaterThanOrEqualTo(600));
    }
}
