using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Fvm.Sidecar;

/// <summary>
/// Reads what a client is still sending of a message when its call ends, and drops it, before the status goes out. Else the rest of the message
/// reaches a stream that is closed already, for which Kestrel ends the whole connection (HTTP/2, RFC 9113, section 5.1, leaves that to the server):
/// a message beyond the limit would end every other session of its client, too, and some clients wait forever for the rest to be taken.
/// </summary>
internal static class UnreadMessage
{
    // Of a message in gRPC: whether it is compressed, and how many bytes follow.
    private const int HeaderSize = 5;

    // Whoever sends slower than this harms its own connection alone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Wraps the handling of requests.</summary>
    public static RequestDelegate Drop(RequestDelegate next) => async context =>
    {
        await next(context);
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return;
        }

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            await DropAsync(context.Request.BodyReader, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is gone, or too slow.
        }
    };

    // Messages that are there as a whole go, too; those that begin afterwards are not waited for.
    private static async Task DropAsync(PipeReader body, CancellationToken cancelled)
    {
        // Cancelled, a read gives at once what is there, even where the call has looked at it already.
        body.CancelPendingRead();
        ReadResult read = await body.ReadAsync(cancelled);
        long missing = Drop(read, body);
        while (missing > 0 && !read.IsCompleted)
        {
            read = await body.ReadAsync(cancelled);
            long taken = Math.Min(missing, read.Buffer.Length);
            body.AdvanceTo(read.Buffer.GetPosition(taken));
            missing -= taken;
        }
    }

    // Returns how much of the last message has not come yet.
    private static long Drop(ReadResult read, PipeReader body)
    {
        ReadOnlySequence<byte> left = read.Buffer;
        long missing = 0;
        Span<byte> header = stackalloc byte[HeaderSize];
        while (left.Length >= HeaderSize)
        {
            left.Slice(0, HeaderSize).CopyTo(header);
            long size = HeaderSize + (long)BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
            long taken = Math.Min(size, left.Length);
            missing = size - taken;
            left = left.Slice(taken);
        }

        body.AdvanceTo(left.Start, left.End);
        return missing;
    }
}
