using System.IO.Pipelines;

namespace Fvm.Sidecar;

/// <summary>What Kestrel writes to a connection; a flush makes its thread wait in <see cref="ServerWork"/>.</summary>
internal sealed class CapturedWriter(PipeWriter writer, ServerWork work) : PipeWriter
{
    public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => writer.UnflushedBytes;

    public override void Advance(int bytes) => writer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

    public override void CancelPendingFlush() => writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => writer.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<FlushResult> flushed = writer.FlushAsync(cancellationToken);
        work.Capture();
        return flushed;
    }
}
