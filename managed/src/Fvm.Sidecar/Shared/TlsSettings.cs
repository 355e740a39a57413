using System.Security.Cryptography.X509Certificates;

namespace Fvm.Sidecar;

/// <summary>TLS of the server.</summary>
/// <param name="Certificate">Its certificate with the private key.</param>
/// <param name="Intermediates">Certificates between it and its authority.</param>
/// <param name="ClientAuthorities">Authorities of the clients' certificates; null if clients need none.</param>
internal sealed record TlsSettings(
    X509Certificate2 Certificate, X509Certificate2Collection Intermediates, X509Certificate2Collection? ClientAuthorities)
{
    // Extended key usage "TLS client authentication" (RFC 5280, 4.2.1.12).
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether a client's certificate is valid now, for clients, and from one of the authorities; not one of the system's.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="sent">The certificates that the client sent with it; null for none.</param>
    public bool Accepts(X509Certificate2 certificate, X509ChainElementCollection? sent)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(ClientAuthorities ?? []);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ClientAuthentication));
        foreach (X509ChainElement element in sent ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }
}
