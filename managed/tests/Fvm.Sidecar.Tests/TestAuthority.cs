using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fvm.Sidecar.Tests;

/// <summary>An authority of its own that signs certificates for tests.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    /// <summary>The authority's own certificate, without its key.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(_certificate.RawData);

    public X509Certificate2 ForServer() => Sign(ServerAuthentication, DateTimeOffset.UtcNow.AddDays(5));

    public X509Certificate2 ForClient() => Sign(ClientAuthentication, DateTimeOffset.UtcNow.AddDays(5));

    public X509Certificate2 Expired() => Sign(ClientAuthentication, DateTimeOffset.UtcNow.AddDays(-1));

    public void Dispose() => _certificate.Dispose();

    private X509Certificate2 Sign(string usage, DateTimeOffset until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 signed = request.Create(_certificate, DateTimeOffset.UtcNow.AddDays(-9), until, serial);
        return signed.CopyWithPrivateKey(key);
    }
}
