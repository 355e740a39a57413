using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace SidecarClient;

/// <summary>
/// A machine of the sidecar, in a session of its own. Its calls run one after another. A call that throws <see cref="RpcException"/> has no result:
/// execute the tipset again on a new machine.
/// </summary>
public sealed partial class SidecarMachine : IDisposable
{
    private const int MaxAnswerBytes = 8 << 20;
    private const ulong MachineId = 1;

    private readonly INode _node;
    private readonly AsyncDuplexStreamingCall<SessionRequest, SessionResponse> _stream;
    private ulong _calls;

    private SidecarMachine(ChannelBase channel, INode node)
    {
        _node = node;
        _stream = new SessionService.SessionServiceClient(channel).Session();
    }

    /// <summary>Creates a machine.</summary>
    /// <param name="channel">The channel to the server.</param>
    /// <param name="settings">The epoch and the state.</param>
    /// <param name="node">Answers the machine.</param>
    /// <param name="completeStore">Whether the node lacks no block of the state: those in the server's cache need no question.</param>
    public static async Task<SidecarMachine> CreateAsync(ChannelBase channel, MachineSettings settings, INode node, bool completeStore = false)
    {
        SidecarMachine machine = new(channel, node);
        try
        {
            // The answer to the opening is read with the creation's.
            await machine.OpenAsync(completeStore);
            await machine.CallAsync(new SessionRequest { CreateMachine = new CreateMachine { MachineId = MachineId, Settings = settings } });
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    public async Task<MessageExecuted> ExecuteAsync(MessageInput input, TraceForm trace = TraceForm.Unspecified)
    {
        ExecuteMessage execute = new() { MachineId = MachineId, Input = input, Trace = trace };
        return (await CallAsync(new SessionRequest { ExecuteMessage = execute })).MessageExecuted;
    }

    /// <summary>Puts the new blocks, and returns the CID of the state root.</summary>
    public async Task<ByteString> FlushAsync()
    {
        SessionRequest request = new() { FlushMachine = new FlushMachine { MachineId = MachineId } };
        return (await CallAsync(request)).MachineFlushed.StateRoot;
    }

    public void Dispose() => _stream.Dispose();

    private Task OpenAsync(bool completeStore) => SendAsync(new SessionRequest
    {
        Open = new OpenSession { Client = "csharp", Priority = Priority.High, CompleteStore = completeStore },
    });

    // Sends a call, and answers callbacks until it ends.
    private async Task<SessionResponse> CallAsync(SessionRequest request)
    {
        request.CallId = ++_calls;
        await SendAsync(request);
        ByteString tree = ByteString.Empty;
        while (await _stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            SessionResponse frame = _stream.ResponseStream.Current;
            switch (frame.FrameCase)
            {
                case SessionResponse.FrameOneofCase.Callback:
                    foreach (CallbackAnswer answer in Answers(frame.Callback))
                    {
                        answer.CallbackId = frame.Callback.CallbackId;
                        await SendAsync(new SessionRequest { CallbackAnswer = answer });
                    }

                    break;
                case SessionResponse.FrameOneofCase.TraceTreePart:
                    tree = ByteString.CopyFrom([.. tree.Span, .. frame.TraceTreePart.Data.Span]);
                    break;
                case SessionResponse.FrameOneofCase.RunPart:
                    Take(frame.RunPart, ref tree);
                    break;
                case SessionResponse.FrameOneofCase.MachineRan:
                    Take(frame.MachineRan.Rest, ref tree);
                    return frame;
                case SessionResponse.FrameOneofCase.Error when frame.Error.Detail is { HasMessageIndex: true } detail:
                    throw new RpcException(new Status((StatusCode)frame.Error.Code, $"message {detail.MessageIndex}: {frame.Error.Message}"));
                case SessionResponse.FrameOneofCase.Error:
                    throw new RpcException(new Status((StatusCode)frame.Error.Code, frame.Error.Message));
                case SessionResponse.FrameOneofCase.Opened or SessionResponse.FrameOneofCase.TraceEvents:
                    break;
                default:
                    if (!tree.IsEmpty)
                    {
                        frame.MessageExecuted.Trace.Tree = tree;
                    }

                    return frame;
            }
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "the session ended before the call did"));
    }

    private async Task SendAsync(SessionRequest frame)
    {
        try
        {
            await _stream.RequestStream.WriteAsync(frame);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The stream ended. Reading tells why.
            while (await _stream.ResponseStream.MoveNext(CancellationToken.None))
            {
            }

            throw;
        }
    }

    private IReadOnlyList<CallbackAnswer> Answers(Callback callback)
    {
        try
        {
            return callback.QuestionCase switch
            {
                Callback.QuestionOneofCase.GetBlocks => Blocks(callback.GetBlocks.Cids),
                Callback.QuestionOneofCase.HasBlocks =>
                    [new CallbackAnswer { Existence = new ExistenceAnswer { Exists = { callback.HasBlocks.Cids.Select(_node.Has) } } }],
                Callback.QuestionOneofCase.PutBlocks => Stored(callback.PutBlocks.Blocks),
                Callback.QuestionOneofCase.ChainRandomness => Randomness(callback.ChainRandomness.Epoch, beacon: false),
                Callback.QuestionOneofCase.BeaconRandomness => Randomness(callback.BeaconRandomness.Epoch, beacon: true),
                Callback.QuestionOneofCase.ConsensusFault =>
                    [new CallbackAnswer { ConsensusFault = _node.CheckConsensusFault(callback.ConsensusFault) }],
                Callback.QuestionOneofCase.TipsetCid =>
                    [new CallbackAnswer { TipsetCid = new TipsetCidAnswer { Cid = _node.TipsetCid(callback.TipsetCid.Epoch) } }],
                Callback.QuestionOneofCase.None => throw new NotSupportedException("the client does not know the question"),
                _ => [new CallbackAnswer { Proof = new ProofAnswer { Verdicts = { _node.Verify(callback) } } }],
            };
        }
        catch (Exception e)
        {
            CallbackFailureKind kind = e is NoAnswerException ? CallbackFailureKind.Fatal : CallbackFailureKind.Transient;
            return [new CallbackAnswer { Failure = new CallbackFailure { Kind = kind, Message = e.Message } }];
        }
    }

    // In several answers if the blocks do not fit into one.
    private List<CallbackAnswer> Blocks(IEnumerable<ByteString> cids)
    {
        List<CallbackAnswer> answers = [];
        BlocksAnswer part = new();
        int bytes = 0;
        foreach (ByteString cid in cids)
        {
            ByteString? data = _node.Get(cid);
            int length = data?.Length ?? 0;
            if (bytes > 0 && bytes + length > MaxAnswerBytes)
            {
                part.More = true;
                answers.Add(new CallbackAnswer { Blocks = part });
                part = new BlocksAnswer();
                bytes = 0;
            }

            part.Blocks.Add(data is null ? new MaybeBlock() : new MaybeBlock { Data = data });
            bytes += length;
        }

        answers.Add(new CallbackAnswer { Blocks = part });
        return answers;
    }

    private CallbackAnswer[] Stored(IEnumerable<Block> blocks)
    {
        _node.Put(blocks);
        return [new CallbackAnswer { Stored = new StoredAnswer() }];
    }

    private CallbackAnswer[] Randomness(long epoch, bool beacon) =>
        [new CallbackAnswer { Randomness = new RandomnessAnswer { Randomness = _node.Randomness(epoch, beacon) } }];
}
