using System.IO.Pipelines;

namespace Fvm.Sidecar;

/// <summary>What Kestrel reads from a connection.</summary>
/// <param name="reader">The bytes.</param>
/// <param name="emptied">Called when Kestrel has taken all that came, and begins to wait for more.</param>
internal sealed class WatchedReader(PipeReader reader, Action emptied) : PipeReader
{
    public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        reader.Complete(exception);
        emptied();
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> read = reader.ReadAsync(cancellationToken);
        if (!read.IsCompleted)
        {
            emptied();
        }

        return read;
    }

    public override bool TryRead(out ReadResult result) => reader.TryRead(out result);
}
