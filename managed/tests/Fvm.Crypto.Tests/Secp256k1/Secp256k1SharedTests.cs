using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Secp256k1SharedTests
{
    [Test]
    public void Recorded_recoveries_agree_with_the_reference([Values] bool byKernel)
    {
        Secp256k1Kernel? kernel = byKernel ? Secp256k1Kernel.Create() : null;
        if (byKernel && kernel is null)
        {
            Assert.Ignore("this processor has no ADX, or the system lets no process run what it wrote");
        }

        Secp256k1Multiplication multiplication = new(kernel);
        JsonElement[] cases = SharedVectors.Lines("vectors/crypto/secp256k1.ndjson");
        byte[] key = new byte[65];
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement item in cases)
            {
                string? expected = item.GetProperty("public_key").GetString();
                bool found = Crypto.Secp256k1.TryRecover(multiplication, item.Bytes("hash"), item.Bytes("signature"), key);
                Assert.That(found ? Convert.ToHexStringLower(key) : null, Is.EqualTo(expected), item.ToString());
            }
        }

        Assert.That(cases, Has.Length.GreaterThanOrEqualTo(600));
    }
}
