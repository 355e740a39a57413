using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

/// <summary>Frames that may go with later ones do so, and are never kept for longer than a moment.</summary>
public sealed class FrameWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task A_frame_that_no_other_follows_is_sent_after_a_moment()
    {
        using Sink sink = new();

        await sink.Writer.WriteAsync(Frame(1, 10), mayHold: true);

        Assert.That(sink.Frames, Is.EqualTo(new[] { (1UL, true) }));
        Assert.That(() => sink.Flushes, Is.EqualTo(1).After((int)Patience.TotalMilliseconds, 5));
    }

    [Test]
    public async Task A_frame_goes_with_the_next_one_and_needs_no_packet_of_its_own()
    {
        using Sink sink = new();

        await sink.Writer.WriteAsync(Frame(1, 10), mayHold: true);
        await sink.Writer.WriteAsync(Frame(2, 10));
        await Task.Delay(100);

        Assert.That((sink.Frames, sink.Flushes), Is.EqualTo((new[] { (1UL, true), (2UL, false) }, 0)));
    }

    [Test]
    public async Task Frames_beyond_some_bytes_are_sent_at_once()
    {
        using Sink sink = new();

        await sink.Writer.WriteAsync(Frame(1, 20_000), mayHold: true);
        await sink.Writer.WriteAsync(Frame(2, 20_000), mayHold: true);
        await sink.Writer.WriteAsync(Frame(3, 20_000), mayHold: true);

        Assert.That(sink.Frames, Is.EqualTo(new[] { (1UL, true), (2UL, false), (3UL, true) }));
    }

    [Test]
    public async Task Nothing_is_sent_once_the_frames_are_complete()
    {
        using Sink sink = new();
        await sink.Writer.WriteAsync(Frame(1, 10), mayHold: true);

        sink.Writer.Complete();
        await sink.Writer.Sent.WaitAsync(Patience);
        await Task.Delay(100);

        Assert.That((sink.Flushes, sink.Writer.UnreadBytes), Is.EqualTo((0, 0L)));
    }

    private static SessionResponse Frame(ulong call, int bytes) => new()
    {
        CallId = call,
        MachineFlushed = new MachineFlushed { StateRoot = ByteString.CopyFrom(new byte[bytes]) },
    };

    private sealed class Sink : IServerStreamWriter<SessionResponse>, IDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly List<(ulong Call, bool IsHeld)> _frames = [];
        private int _flushes;

        public Sink() => Writer = new FrameWriter(this, Flush, 1 << 20, Patience, _ended);

        public FrameWriter Writer { get; }

        public WriteOptions? WriteOptions { get; set; }

        public (ulong Call, bool IsHeld)[] Frames => [.. _frames];

        public int Flushes => Volatile.Read(ref _flushes);

        public Task WriteAsync(SessionResponse message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(SessionResponse message, CancellationToken cancellationToken)
        {
            _frames.Add((message.CallId, WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) == true));
            return Task.CompletedTask;
        }

        public void Dispose() => _ended.Dispose();

        private Task Flush()
        {
            Interlocked.Increment(ref _flushes);
            return Task.CompletedTask;
        }
    }
}
