using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;

namespace Fvm.Sidecar.Tests;

/// <summary>Arguments that cannot be served end with 2 and one line that says what to do.</summary>
public sealed class SidecarCommandTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFiles()
    {
        _folder = Directory.CreateTempSubdirectory("fvm-sidecar-");
        using TestAuthority authority = new("ours");
        using X509Certificate2 certificate = authority.ForServer();
        Write("cert", certificate.ExportCertificatePem());
        Write("key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Write("other-key", System.Security.Cryptography.ECDsa.Create().ExportPkcs8PrivateKeyPem());
        Write("token", "correct-horse-battery-staple\n");
        Write("short", "secret\n");
        Write("two", "correct-horse battery-staple\n");
        Write("empty", string.Empty);
    }

    [TearDown]
    public void DropFiles() => _folder.Delete(recursive: true);

    [TestCase("", "--socket PATH or --listen")]
    [TestCase("--nonsense", "--nonsense")]
    [TestCase("--socket", "--socket")]
    [TestCase("--socket FILES/s --max-sessions 0", "--max-sessions: '0' is not a whole number from 1 to 100000")]
    [TestCase("--socket FILES/s --lanes 257", "--lanes: '257' is not a whole number from 1 to 256")]
    [TestCase("--socket FILES/s --callback-timeout -1", "--callback-timeout: '-1' is not")]
    [TestCase("--socket FILES/s --max-frame-mib many", "'many' is not a whole number from 5")]
    [TestCase("--socket FILES/s --token-file FILES/token", "the Unix socket needs none")]
    [TestCase("--socket FILES/s --insecure-loopback", "the Unix socket needs none")]
    [TestCase("--socket FILES/nowhere/s", "nowhere/s")]
    [TestCase("--socket FILES/cert", "is no socket")]
    [TestCase("--listen 127.0.0.1", "not an address with a port")]
    [TestCase("--listen localhost:80", "not an address with a port")]
    [TestCase("--listen 127.0.0.1:70000", "not an address with a port")]
    [TestCase("--listen 127.0.0.1:0", "without TLS")]
    [TestCase("--listen 127.0.0.1:0 --token-file FILES/token", "without TLS")]
    [TestCase("--listen 0.0.0.0:0 --insecure-loopback", "without TLS")]
    [TestCase("--listen 192.0.2.1:0 --insecure-loopback --token-file FILES/token", "without TLS")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert", "both --tls-certificate and --tls-key")]
    [TestCase("--listen 127.0.0.1:0 --client-ca FILES/cert", "both --tls-certificate and --tls-key")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/key", "would serve anybody")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/other-key --token-file FILES/token", "--tls-key")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/token --tls-key FILES/key --token-file FILES/token", "no certificate")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/none --tls-key FILES/key --token-file FILES/token", "--tls-certificate")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/key --client-ca FILES/empty", "no certificate")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/key --token-file FILES/short", "at least 16")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/key --token-file FILES/two", "one line")]
    [TestCase("--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/key --token-file FILES/none", "--token-file")]
    [TestCase("--listen 192.0.2.1:9 --tls-certificate FILES/cert --tls-key FILES/key --token-file FILES/token", "192.0.2.1")]
    public async Task Unusable_arguments_end_with_one_line(string arguments, string expected)
    {
        (int status, string text) = await RunAsync(arguments);

        Assert.That(status, Is.EqualTo(2), text);
        Assert.That(text, Does.StartWith("fvm-sidecar: ").And.Contain(expected));
        Assert.That(text.TrimEnd('\n').Contains('\n'), Is.False, text);
    }

    [Test]
    [SupportedOSPlatform("linux")]
    public async Task Secrets_that_others_may_read_are_refused()
    {
        const string Tcp = "--listen 127.0.0.1:0 --tls-certificate FILES/cert --tls-key FILES/key --token-file FILES/token";
        foreach (string secret in (string[])["key", "token"])
        {
            File.SetUnixFileMode(PathOf(secret), (UnixFileMode)0x1a4);
            (int status, string text) = await RunAsync(Tcp);
            Assert.That((status, text), Is.EqualTo((2, text)));
            Assert.That(text, Does.Contain($"{PathOf(secret)}: other users may read"));
            File.SetUnixFileMode(PathOf(secret), UnixFileMode.UserRead);
        }
    }

    [TestCase("--help", "--max-session-mib")]
    [TestCase("--version", ".")]
    public async Task Help_and_version_end_with_0(string argument, string expected)
    {
        using StringWriter output = new();

        Assert.That(await SidecarCommand.RunAsync([argument], output, TextWriter.Null), Is.Zero);
        Assert.That(output.ToString(), Does.Contain(expected));
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private void Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(file), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task<(int Status, string Text)> RunAsync(string arguments)
    {
        string[] words = arguments.Replace("FILES", _folder.FullName, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using StringWriter errors = new();
        return (await SidecarCommand.RunAsync(words, TextWriter.Null, errors), errors.ToString());
    }
}
