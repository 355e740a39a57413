using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fvm.Files;

namespace Fvm.Sidecar;

/// <summary>Reads certificates, keys and tokens.</summary>
internal static class CredentialFiles
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>TLS by the given files; null if there are none.</summary>
    /// <exception cref="UsageException">A file is missing or unusable.</exception>
    public static TlsSettings? Tls(string? certificate, string? key, string? authorities)
    {
        if (certificate is null && key is null && authorities is null)
        {
            return null;
        }

        if (certificate is null || key is null)
        {
            throw new UsageException("TLS needs both --tls-certificate and --tls-key");
        }

        RefuseOpenToOthers("--tls-key", key);
        X509Certificate2Collection chain = Certificates("--tls-certificate", certificate);
        X509Certificate2 own = Load("--tls-key", key, () => X509Certificate2.CreateFromPemFile(certificate, key));
        chain.RemoveAt(0);
        return new TlsSettings(own, chain, authorities is null ? null : Certificates("--client-ca", authorities));
    }

    /// <summary>The token in a file; null if there is no file.</summary>
    /// <exception cref="UsageException">The file is missing or unusable.</exception>
    public static BearerToken? Token(string? file)
    {
        if (file is null)
        {
            return null;
        }

        RefuseOpenToOthers("--token-file", file);
        string token = Load("--token-file", file, () => File.ReadAllText(file)).Trim();
        if (token.Length < BearerToken.MinLength || !token.All(static c => c is > ' ' and < '\x7f'))
        {
            throw new UsageException($"--token-file {file}: not one line of at least {BearerToken.MinLength} printable characters");
        }

        return new BearerToken(token);
    }

    private static X509Certificate2Collection Certificates(string option, string file) => Load(option, file, () =>
    {
        X509Certificate2Collection certificates = [];
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new UsageException($"{option} {file}: there is no certificate in it");
    });

    private static void RefuseOpenToOthers(string option, string file)
    {
        if ((FileStatus.Of(file).Mode & Others) != 0)
        {
            throw new UsageException($"{option} {file}: other users may read or write it (chmod 600)");
        }
    }

    private static T Load<T>(string option, string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new UsageException($"{option} {file}: {e.Message}");
        }
    }
}
