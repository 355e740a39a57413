using System.Collections.Concurrent;
using Fvm.Files;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Diff;

/// <summary>Uploads CAR files to a sidecar, each once, as long as it keeps them. Thread-safe.</summary>
/// <param name="client">The service.</param>
/// <param name="call">The options of a call.</param>
internal sealed class SidecarUploads(BlockService.BlockServiceClient client, Func<CallOptions> call)
{
    private const int ChunkBytes = 1 << 20;
    private const string Details = "grpc-status-details-bin";

    private readonly ConcurrentDictionary<string, Lazy<Task<ByteString>>> _files = new(StringComparer.Ordinal);

    /// <summary>Uploads a file.</summary>
    /// <returns>The digest of its blocks.</returns>
    /// <exception cref="InputException">It cannot be read.</exception>
    public Task<ByteString> FileAsync(string path) => _files.GetOrAdd(path, _ => new Lazy<Task<ByteString>>(() => CarAsync(Read(path)))).Value;

    /// <summary>Uploads a CAR.</summary>
    /// <returns>The digest of its blocks.</returns>
    public async Task<ByteString> CarAsync(byte[] car)
    {
        using AsyncClientStreamingCall<UploadBlocksRequest, UploadBlocksResponse> upload = client.UploadBlocks(call());
        try
        {
            for (int at = 0; at < car.Length; at += ChunkBytes)
            {
                ByteString chunk = UnsafeByteOperations.UnsafeWrap(car.AsMemory(at, Math.Min(ChunkBytes, car.Length - at)));
                await upload.RequestStream.WriteAsync(new UploadBlocksRequest { CarChunk = chunk }).ConfigureAwait(false);
            }

            await upload.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // Refused already; the response tells why.
        }

        return (await upload.ResponseAsync.ConfigureAwait(false)).Digest;
    }

    /// <summary>Forgets an upload that the server does not know any more.</summary>
    /// <param name="refusal">An answer of the server: its detail names the digest.</param>
    /// <returns>Whether there was one.</returns>
    public bool Forget(RpcException refusal)
    {
        if (refusal.StatusCode != StatusCode.FailedPrecondition || refusal.Trailers.GetValueBytes(Details) is not byte[] detail)
        {
            return false;
        }

        foreach ((string path, Lazy<Task<ByteString>> upload) in _files)
        {
            if (upload.Value.IsCompletedSuccessfully
                && detail.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(upload.Value.Result.Span))) >= 0)
            {
                return _files.TryRemove(KeyValuePair.Create(path, upload));
            }
        }

        return false;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return InputFile.ReadAllBytes(path);
        }
        catch (FileException exception)
        {
            throw new InputException($"bundle {exception.Message}", exception);
        }
    }
}
