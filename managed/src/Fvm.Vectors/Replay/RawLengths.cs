// How long a message is on chain.
namespace Fvm.Vectors;

/// <summary>The length that a message is charged for when nothing else is known.</summary>
public static class RawLengths
{
    // A secp256k1 signature and its framing (reference: testing/conformance/src/driver.rs). A BLS signature is aggregated.
    private const int Secp256k1SignatureLength = 65 + 4;

    /// <summary>The message's own bytes, and the signature's where the sender signs with secp256k1.</summary>
    public static int Of(Message message, int messageLength) =>
        messageLength + (message.From.Protocol == AddressProtocol.Secp256k1 ? Secp256k1SignatureLength : 0);
}
