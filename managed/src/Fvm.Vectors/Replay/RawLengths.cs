namespace Fvm.Vectors;

/// <summary>The default on-chain length that a message is charged for.</summary>
public static class RawLengths
{
    // A secp256k1 signature and its framing (reference: testing/conformance/src/driver.rs). BLS signatures are aggregated, hence 0.
    private const int Secp256k1SignatureLength = 65 + 4;

    /// <summary>The length of the message, plus that of the signature if the sender signs with secp256k1; in bytes.</summary>
    public static int Of(Message message, int messageLength) =>
        messageLength + (message.From.Protocol == AddressProtocol.Secp256k1 ? Secp256k1SignatureLength : 0);
}
