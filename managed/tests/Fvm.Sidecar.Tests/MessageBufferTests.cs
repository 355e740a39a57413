using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

/// <summary>Messages of gRPC are found in a stream of bytes, wherever it is cut.</summary>
public sealed class MessageBufferTests
{
    private const int MaxBytes = 1 << 20;

    [Test]
    public void Messages_are_parsed_in_order_wherever_they_are_cut([Values(1, 3, 4_095, 1 << 20)] int size)
    {
        MessageBuffer buffer = new(MaxBytes);
        Queue<SessionRequest> messages = new();
        int[] lengths = [0, 1, 10, 5_000, 300_000, 2];

        byte[] sent = [.. lengths.SelectMany(static length => Message(length))];
        foreach (byte[] part in sent.Chunk(size))
        {
            buffer.Add(part);
            buffer.Parse(messages);
        }

        Assert.That(messages.Select(static message => message.Open.Client.Length), Is.EqualTo(lengths));
        Assert.That(buffer.IsEmpty, Is.True);
    }

    [Test]
    public void What_came_first_goes_before_what_came_later()
    {
        MessageBuffer first = new(MaxBytes);
        MessageBuffer second = new(MaxBytes);
        byte[] message = Message(100);
        first.Add(message.AsSpan(0, 40));
        second.Add(message.AsSpan(40));
        Queue<SessionRequest> messages = new();

        second.AddBefore(first);
        second.Parse(messages);

        Assert.That((messages.Single().Open.Client.Length, first.IsEmpty, second.IsEmpty), Is.EqualTo((100, true, true)));
    }

    [TestCase(0, 0x7fffffff, StatusCode.ResourceExhausted)]
    [TestCase(0, -1, StatusCode.ResourceExhausted)]
    [TestCase(1, 10, StatusCode.Internal)]
    public void A_message_beyond_the_limit_or_compressed_is_refused_by_its_header(byte flag, int size, StatusCode code)
    {
        MessageBuffer buffer = new(MaxBytes);
        buffer.Add([flag, (byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size]);

        Assert.That(
            () => buffer.Parse(new Queue<SessionRequest>()),
            Throws.TypeOf<RpcException>().With.Property(nameof(RpcException.StatusCode)).EqualTo(code));
    }

    [Test]
    public void The_rest_of_a_dropped_message_is_counted()
    {
        MessageBuffer buffer = new(MaxBytes);
        byte[] message = Message(1_000);
        buffer.Add([.. Message(10), .. message[..100]]);

        buffer.Drop();
        Assert.That((buffer.Missing, buffer.IsEmpty), Is.EqualTo((message.Length - 100L, true)));

        buffer.Add(message.AsSpan(100, 50));
        buffer.Drop();
        Assert.That(buffer.Missing, Is.EqualTo(message.Length - 150L));

        buffer.Add([.. message[150..], .. Message(10)]);
        Assert.That((buffer.Missing, buffer.IsEmpty), Is.EqualTo((0L, true)));
    }

    private static byte[] Message(int length)
    {
        byte[] body = new SessionRequest { Open = new OpenSession { Client = new string('c', length) } }.ToByteArray();
        return [0, (byte)(body.Length >> 24), (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }
}
