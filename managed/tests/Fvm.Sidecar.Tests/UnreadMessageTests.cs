using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fvm.Sidecar.Tests;

/// <summary>A call that ends while its client sends a message takes the rest of that message, and waits for no other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnreadMessageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 0));

    [Test]
    public async Task The_rest_of_a_message_is_taken_before_the_call_ends()
    {
        await SendAsync(Message(100)[..50]);
        Task call = Call(looksAhead: true);
        Assert.That(await EndsAsync(call, TimeSpan.FromMilliseconds(100)), Is.False);

        await SendAsync(Message(100)[50..]);

        await call.WaitAsync(Patience);
        Assert.That(_body.Reader.TryRead(out _), Is.False);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public async Task Between_two_messages_nothing_is_waited_for(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            await SendAsync(Message(100));
        }

        await Call(looksAhead: false).WaitAsync(TimeSpan.FromSeconds(4));

        Assert.That(_body.Reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task A_message_that_begins_afterwards_is_left()
    {
        await SendAsync([.. Message(100), .. Message(200)[..20]]);
        Task call = Call(looksAhead: false);

        await SendAsync([.. Message(200)[20..], .. Message(300)]);

        await call.WaitAsync(Patience);
        Assert.That(_body.Reader.TryRead(out ReadResult left), Is.True);
        Assert.That(left.Buffer.Length, Is.EqualTo(305));
    }

    [Test]
    public async Task A_client_that_stops_in_a_message_or_leaves_is_not_waited_for_without_end()
    {
        await SendAsync(Message(int.MaxValue - 5, sent: 10));
        await Call(looksAhead: true).WaitAsync(Patience);
        await SendAsync([1]);
        _body.Writer.Complete(new IOException("the connection is gone"));
        await Call(looksAhead: false).WaitAsync(Patience);
        Assert.That(async () => await _body.Reader.ReadAsync(), Throws.InstanceOf<IOException>());
    }

    // Looking ahead is what the reader of messages does that refuses one by its size.
    private Task Call(bool looksAhead)
    {
        DefaultHttpContext context = new();
        context.Request.Method = HttpMethods.Post;
        context.Features.Set<IRequestBodyPipeFeature>(new Body(_body.Reader));
        return UnreadMessage.Drop(async http =>
        {
            if (looksAhead)
            {
                ReadResult read = await http.Request.BodyReader.ReadAsync();
                http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        })(context);
    }

    private static async Task<bool> EndsAsync(Task call, TimeSpan within) => await Task.WhenAny(call, Task.Delay(within)) == call;

    private async Task SendAsync(byte[] bytes) => await _body.Writer.WriteAsync(bytes);

    private static byte[] Message(int size, int? sent = null)
    {
        byte[] message = new byte[5 + (sent ?? size)];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), size);
        return message;
    }

    private sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
