using System.Buffers;
using System.Buffers.Binary;

namespace Fvm.Sidecar.Tests;

/// <summary>Data of tapped streams is taken out of what a client sends; all else reaches Kestrel as it came.</summary>
public sealed class FrameSplitterTests
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Padded = 8;

    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    [Test]
    public void Data_of_a_tapped_stream_is_taken_out_wherever_the_bytes_are_cut([Values(1, 2, 7, 13, 1_000)] int size)
    {
        ArrayBufferWriter<byte> others = new();
        FrameSplitter splitter = new(others);
        Receiver receiver = new();
        Assert.That(splitter.TryTap(3, receiver), Is.Zero);
        byte[] headers = Frame(Headers, EndHeaders, 3, [1, 2, 3]);
        byte[] other = Frame(Data, 0, 5, [9, 8]);
        byte[] empty = Frame(Data, 0, 5, []);

        byte[] sent = [.. Preface, .. headers, .. Frame(Data, 0, 3, [4, 5]), .. other, .. empty, .. Frame(Data, 0, 3, []), .. Frame(Data, 0, 3, [6])];
        foreach (byte[] part in sent.Chunk(size))
        {
            Assert.That(splitter.TrySplit(part), Is.True);
        }

        Assert.That(receiver.Bytes, Is.EqualTo(new byte[] { 4, 5, 6 }));
        Assert.That(others.WrittenSpan.ToArray(), Is.EqualTo(Preface.Concat(headers).Concat(other).Concat(empty)));
    }

    [Test]
    public void Padding_is_counted_and_not_taken_for_data([Values(1, 5, 100)] int size)
    {
        FrameSplitter splitter = new(new ArrayBufferWriter<byte>());
        Receiver receiver = new();
        splitter.TryTap(1, receiver);

        byte[] sent = [.. Preface, .. Frame(Data, Padded, 1, [2, 7, 8, 0, 0]), .. Frame(Data, 0, 1, [9]), .. Frame(Data, Padded, 1, [250, 7])];
        foreach (byte[] part in sent.Chunk(size))
        {
            Assert.That(splitter.TrySplit(part), Is.True);
        }

        // More padding than there is room for is as much as there is.
        Assert.That((receiver.Bytes, receiver.Padding), Is.EqualTo((new byte[] { 7, 8, 9 }, 3 + 2)));
    }

    [Test]
    public void The_end_of_a_tapped_stream_reaches_Kestrel_as_does_what_follows_it()
    {
        ArrayBufferWriter<byte> others = new();
        FrameSplitter splitter = new(others);
        Receiver receiver = new();
        splitter.TryTap(1, receiver);
        byte[] late = Frame(Data, 0, 1, [5]);

        splitter.TrySplit([.. Preface, .. Frame(Data, EndStream, 1, [3, 4]), .. late]);

        Assert.That(receiver.Bytes, Is.EqualTo(new byte[] { 3, 4 }));
        Assert.That(splitter.Receivers(), Is.EqualTo(new[] { receiver }), "it is told when Kestrel passes on the end");
        Assert.That(others.WrittenSpan.ToArray(), Is.EqualTo(Preface.Concat(Frame(Data, EndStream, 1, [])).Concat(late)));
    }

    [Test]
    public void Data_before_the_tap_is_counted_and_within_headers_it_is_left_to_Kestrel()
    {
        ArrayBufferWriter<byte> others = new();
        FrameSplitter splitter = new(others);
        splitter.TrySplit([.. Preface, .. Frame(Data, 0, 1, [1, 2, 3]), .. Frame(Data, 0, 1, [4]), .. Frame(Headers, 0, 3, [0])]);
        Receiver receiver = new();

        Assert.That(splitter.TryTap(1, receiver), Is.EqualTo(4));
        splitter.TrySplit(Frame(Data, 0, 1, [5]));

        Assert.That(receiver.Bytes, Is.Empty);
    }

    [Test]
    public void A_stream_with_padding_before_the_tap_cannot_be_tapped()
    {
        FrameSplitter splitter = new(new ArrayBufferWriter<byte>());
        splitter.TrySplit([.. Preface, .. Frame(Data, Padded, 1, [0, 1, 2]), .. Frame(Data, 0, 1, [3])]);

        Assert.That(splitter.TryTap(1, new Receiver()), Is.Null);
    }

    [Test]
    public void A_client_that_names_streams_without_end_takes_no_memory_and_gets_no_taps()
    {
        FrameSplitter splitter = new(new ArrayBufferWriter<byte>());
        splitter.TrySplit(Preface);
        for (int stream = 1; stream < 20_000; stream += 2)
        {
            splitter.TrySplit(Frame(Data, 0, stream, [1]));
        }

        Assert.That(splitter.TryTap(3, new Receiver()), Is.Null);
    }

    [Test]
    public void A_client_that_sends_more_than_it_may_is_told_of()
    {
        FrameSplitter splitter = new(new ArrayBufferWriter<byte>());
        splitter.TryTap(1, new Receiver { Room = 10 });

        Assert.That(splitter.TrySplit([.. Preface, .. Frame(Data, 0, 1, new byte[10])]), Is.True);
        Assert.That(splitter.TrySplit(Frame(Data, 0, 1, [1])), Is.False);
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }

    private sealed class Receiver : IDataReceiver
    {
        private readonly List<byte> _bytes = [];

        public int Room { get; init; } = int.MaxValue;

        public byte[] Bytes => [.. _bytes];

        public int Padding { get; private set; }

        public bool TryTake(ReadOnlySpan<byte> data, int padding)
        {
            _bytes.AddRange(data);
            Padding += padding;
            return _bytes.Count <= Room;
        }

        public void Arrived()
        {
        }
    }
}
