using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Downloads a bundle, and verifies each of its blocks and its manifest.</summary>
internal sealed class BundleDownload : IDisposable
{
    /// <summary>The environment variable with another place of releases.</summary>
    public const string SourceVariable = "FVM_BUNDLE_SOURCE";

    private const string DefaultSource = "https://github.com/filecoin-project/builtin-actors/releases/download";
    private const int MaxBytes = 64 << 20;
    private const int MaxUnpackedBytes = 256 << 20;
    private const int Attempts = 4;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly string _source = Environment.GetEnvironmentVariable(SourceVariable) is { Length: > 0 } named
        ? named.TrimEnd('/')
        : DefaultSource;

    private readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Downloads a bundle.</summary>
    /// <returns>The CAR.</returns>
    /// <exception cref="UsageException">It cannot be had, or is another one.</exception>
    public byte[] Fetch(BundleRelease release)
    {
        if (!Uri.TryCreate($"{_source}/{release.Tag}/{release.FileName}", UriKind.Absolute, out Uri? address)
            || address.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"{SourceVariable}: '{_source}' is not a URL that begins with http:// or https://");
        }

        byte[] bytes = FetchAsync(address).GetAwaiter().GetResult();
        return ProblemOf(bytes, release.Manifest) is string problem
            ? throw new UsageException($"{address}: {problem}")
            : bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Why bytes are not the bundle with a manifest; null if they are.</summary>
    public static string? ProblemOf(byte[] bytes, in Cid manifest)
    {
        try
        {
            using CarReader reader = new(new MemoryStream(bytes), new CarReadOptions { MaxTotalLength = MaxUnpackedBytes });
            if (reader.Roots.Count != 1 || reader.Roots[0] != manifest)
            {
                return $"it is another bundle: expected the manifest {manifest}, found {string.Join(", ", reader.Roots)}";
            }

            bool isThere = false;
            foreach ((Cid cid, _) in reader.ReadBlocks())
            {
                isThere |= cid == manifest;
            }

            return isThere ? null : $"the manifest {manifest} is missing in it";
        }
        catch (CarException exception)
        {
            return exception.Message;
        }
    }

    // A download that breaks off is continued if the server can do so, and begun again if not.
    private async Task<byte[]> FetchAsync(Uri address)
    {
        using MemoryStream have = new();
        for (int attempt = 1; ; attempt++)
        {
            string problem;
            try
            {
                await ContinueAsync(address, have).ConfigureAwait(false);
                return have.ToArray();
            }
            catch (HttpRequestException exception) when (exception.StatusCode is HttpStatusCode status && (int)status is >= 400 and < 500)
            {
                throw Failed(address, $"the server answers {(int)status} ({status})");
            }
            catch (OperationCanceledException)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"no bytes for {Silence.TotalSeconds:0} s");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                problem = exception.GetBaseException().Message;
            }

            if (attempt == Attempts)
            {
                throw Failed(address, problem);
            }
        }
    }

    private async Task ContinueAsync(Uri address, MemoryStream have)
    {
        using CancellationTokenSource silence = new(Silence);
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        if (have.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have.Length, null);
        }

        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token)
            .ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != have.Length)
        {
            have.SetLength(0);
        }

        long? whole = response.Content.Headers.ContentLength is long rest ? have.Length + rest : null;
        await using Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        byte[] buffer = new byte[64 << 10];
        for (int read; (read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0;)
        {
            silence.CancelAfter(Silence);
            if (have.Length + read > MaxBytes)
            {
                throw new UsageException($"{address}: it is longer than {MaxBytes} bytes, as no bundle is");
            }

            have.Write(buffer, 0, read);
        }

        if (whole is long length && have.Length < length)
        {
            throw new IOException("the connection broke off");
        }
    }

    private static UsageException Failed(Uri address, string problem) => new(
        $"{address}: {problem}; without a network, copy the file from elsewhere and name it by --bundle");
}
