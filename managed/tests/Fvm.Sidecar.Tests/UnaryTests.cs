using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;
using Environment = Fvm.Protocol.V1.Environment;
using Messages = Fvm.Protocol.V1.ExecutionService.ExecutionServiceClient;

namespace Fvm.Sidecar.Tests;

/// <summary>One-shot calls on an example's blocks, given or uploaded.</summary>
public sealed class UnaryTests
{
    private Vector _vector = null!;
    private RunningServer _server = null!;
    private Messages _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        _vector = VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
        _server = await RunningServer.StartAsync(static options => options with { MaxSessionBytes = 8 << 20 });
        _client = new Messages(_server.Channel);
    }

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Capabilities_state_the_version_and_the_commit_of_the_build()
    {
        GetCapabilitiesResponse capabilities = await _client.GetCapabilitiesAsync(new GetCapabilitiesRequest());

        string properties = await File.ReadAllTextAsync(Repository.PathOf("managed", "Directory.Build.props"));
        Assert.That(properties, Does.Contain($"<Version>{capabilities.Version}</Version>"));
        Assert.That(capabilities.Commit, Does.Match(Path.Exists(Repository.PathOf(".git")) ? "^[0-9a-f]{40}(-dirty)?$" : "^unknown$"));
    }

    [Test]
    public async Task Messages_on_a_given_CAR_have_their_results()
    {
        ExecuteMessagesRequest request = Request(new BlockSource { Car = ByteString.CopyFrom(_vector.Car) });
        request.Trace = TraceForm.Digest;
        request.ReturnsBlocks = true;

        ExecuteMessagesResponse response = await _client.ExecuteMessagesAsync(request);

        AssertExpected(response);
        Assert.That(response.Traces.Select(static trace => Convert.ToHexStringLower(trace.Digest.Span)),
            Is.EqualTo(_vector.ApplyRets.Select(static ret => ret.TraceDigest)));
        Assert.That(response.Blocks.Select(static block => block.Cid), Does.Contain(response.StateRoot));
    }

    [Test]
    public async Task Uploaded_blocks_have_one_digest_however_they_come_and_messages_run_on_them()
    {
        ByteString byCar = await UploadAsync(_vector.Car.Chunk(1_000).Select(static chunk => new UploadBlocksRequest
        {
            CarChunk = ByteString.CopyFrom(chunk),
        }));
        using CarBlockstore car = CarBlockstore.Load(_vector.Car, new CarReadOptions { AllowNoRoots = true });
        ByteString byBlocks = await UploadAsync(car.Blocks.Reverse().Select(static block => new UploadBlocksRequest
        {
            Blocks = new BlockList { Blocks = { BlockOf(block.Key, block.Value) } },
        }));
        Assert.That(byBlocks, Is.EqualTo(byCar));
        Assert.That(byCar.Length, Is.EqualTo(32));

        AssertExpected(await _client.ExecuteMessagesAsync(Request(new BlockSource { Digests = { byCar } })));
    }

    [Test]
    public async Task Traces_are_streamed_message_by_message_before_each_result()
    {
        ExecuteMessagesRequest request = Request(new BlockSource { Car = ByteString.CopyFrom(_vector.Car) });
        TraceMessagesRequest traced = new() { Source = request.Source, Settings = request.Settings, Environment = request.Environment };
        traced.Messages.AddRange(request.Messages);
        traced.Settings.Tracing = false;
        long[] events = new long[_vector.Messages.Count];
        List<uint> results = [];
        using AsyncServerStreamingCall<TraceMessagesResponse> stream = _client.TraceMessages(traced);
        await foreach (TraceMessagesResponse part in stream.ResponseStream.ReadAllAsync())
        {
            Assert.That(results, Has.No.Member(part.MessageIndex));
            events[part.MessageIndex] += part.Events?.Events.Count ?? 0;
            if (part.Result is MessageResult result)
            {
                results.Add(part.MessageIndex);
                Assert.That(result.Receipt.GasUsed, Is.EqualTo(_vector.Receipts[(int)part.MessageIndex].GasUsed));
            }
        }

        Assert.That(results, Is.EqualTo(Enumerable.Range(0, _vector.Messages.Count)));
        Assert.That(events, Is.EqualTo(_vector.ApplyRets.Select(static ret => (long)ret.TraceLength!)));
    }

    [Test]
    public async Task An_estimate_suffices_and_is_no_more_than_little_above_what_is_used()
    {
        ExecuteMessagesRequest request = Request(new BlockSource { Car = ByteString.CopyFrom(_vector.Car) });
        EstimateGasRequest estimated = new()
        {
            Source = request.Source,
            Settings = request.Settings,
            Environment = request.Environment,
            Message = request.Messages[0],
        };

        EstimateGasResponse response = await _client.EstimateGasAsync(estimated);

        Assert.That(response.Result.Receipt.ExitCode, Is.EqualTo(_vector.Receipts[0].ExitCode));
        Assert.That(response.GasLimit, Is.InRange(response.Result.Receipt.GasUsed, response.Result.Receipt.GasUsed * 105 / 100));
        Message message = Message.Decode(request.Messages[0].Message.Span);
        request.Messages[0].Message = ByteString.CopyFrom((message with { GasLimit = response.GasLimit }).Encode());
        MessageResult result = (await _client.ExecuteMessagesAsync(request)).Results[0];
        Assert.That(result.Receipt.ExitCode, Is.EqualTo(_vector.Receipts[0].ExitCode));
    }

    [Test]
    public async Task A_digest_that_was_never_uploaded_is_refused_with_a_reason()
    {
        RpcException status = await RefusedAsync(Request(new BlockSource { Digests = { ByteString.CopyFrom(new byte[32]) } }));

        Assert.That((status.StatusCode, Detail(status).Reason), Is.EqualTo((StatusCode.FailedPrecondition, ErrorReason.BrokenState)));
    }

    [Test]
    public async Task Requests_that_cannot_be_run_name_the_field()
    {
        BlockSource good = new() { Car = ByteString.CopyFrom(_vector.Car) };
        ExecuteMessagesRequest noSettings = Request(good);
        noSettings.Settings = null;
        ExecuteMessagesRequest noKind = Request(good);
        noKind.Messages[0].Kind = Protocol.V1.ApplyKind.Unspecified;
        ExecuteMessagesRequest shortRandomness = Request(good);
        shortRandomness.Environment = new Environment { ChainRandomness = { new EpochRandomness { Randomness = ByteString.CopyFrom(new byte[31]) } } };
        ExecuteMessagesRequest events = Request(good);
        events.Trace = TraceForm.Events;
        foreach ((ExecuteMessagesRequest request, string field) in new[]
        {
            (Request(new BlockSource { Car = ByteString.CopyFromUtf8("no CAR at all") }), "source.car"),
            (Request(new BlockSource { Car = ByteString.CopyFrom(_vector.Car.AsSpan(0, _vector.Car.Length - 1)) }), "source.car"),
            (Request(new BlockSource { Digests = { Enumerable.Repeat(ByteString.Empty, 17) } }), "source.digests"),
            (noSettings, "settings"),
            (noKind, "messages.kind"),
            (shortRandomness, "environment.chain_randomness"),
            (events, "trace"),
        })
        {
            RpcException status = await RefusedAsync(request);
            Assert.That((status.StatusCode, Detail(status).Subject), Is.EqualTo((StatusCode.InvalidArgument, field)));
        }
    }

    [Test]
    public async Task An_upload_with_a_wrong_digest_or_beyond_the_limit_is_refused()
    {
        Cid cid = Cid.Blake2b256(Multicodec.Raw, [1]);
        RpcException wrong = (await Assert.ThrowsAsync<RpcException>(() => UploadAsync(
            [new UploadBlocksRequest { Blocks = new BlockList { Blocks = { BlockOf(cid, [2]) } } }])))!;
        RpcException large = (await Assert.ThrowsAsync<RpcException>(() => UploadAsync(
            Enumerable.Repeat(new UploadBlocksRequest { CarChunk = ByteString.CopyFrom(new byte[1 << 20]) }, 9))))!;

        Assert.That((wrong.StatusCode, Detail(wrong).Subject), Is.EqualTo((StatusCode.InvalidArgument, "blocks.blocks.data")));
        Assert.That((large.StatusCode, Detail(large).Subject), Is.EqualTo((StatusCode.ResourceExhausted, "bytes")));
    }

    private static Block BlockOf(Cid cid, byte[] data) => new() { Cid = ToClient.Bytes(in cid), Data = ByteString.CopyFrom(data) };

    private static ErrorDetail Detail(RpcException status) => status.GetRpcStatus()!.Details[0].Unpack<ErrorDetail>();

    private async Task<RpcException> RefusedAsync(ExecuteMessagesRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await _client.ExecuteMessagesAsync(request)))!;

    private void AssertExpected(ExecuteMessagesResponse response)
    {
        Assert.That(response.Results.Select(static result => (result.Receipt.ExitCode, result.Receipt.GasUsed)),
            Is.EqualTo(_vector.Receipts.Select(static receipt => (receipt.ExitCode, receipt.GasUsed))));
        Assert.That(Cid.TryRead(response.StateRoot.Span, out Cid root, out _), Is.True);
        Assert.That(root.ToString(), Is.EqualTo(_vector.PostRoot));
    }

    private async Task<ByteString> UploadAsync(IEnumerable<UploadBlocksRequest> parts)
    {
        using AsyncClientStreamingCall<UploadBlocksRequest, UploadBlocksResponse> call =
            new Protocol.V1.BlockService.BlockServiceClient(_server.Channel).UploadBlocks();
        try
        {
            foreach (UploadBlocksRequest part in parts)
            {
                await call.RequestStream.WriteAsync(part);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // Refused already; the response tells why.
        }

        return (await call).Digest;
    }

    private ExecuteMessagesRequest Request(BlockSource source)
    {
        ExecuteMessagesRequest request = new()
        {
            Source = source,
            Settings = ReplayTests.Settings(_vector, _vector.Variants[0]),
            Environment = new Environment(),
        };
        foreach (VectorMessage message in _vector.Messages)
        {
            Message decoded = Message.Decode(message.Bytes);
            request.Messages.Add(new MessageInput
            {
                Message = ByteString.CopyFrom(message.Bytes),
                ChainLength = (ulong)(message.RawLength ?? RawLengths.Of(decoded, message.Bytes.Length)),
                Kind = message.Implicit ? Protocol.V1.ApplyKind.Implicit : Protocol.V1.ApplyKind.Explicit,
            });
        }

        return request;
    }
}
