using System.Diagnostics;
using System.Runtime.InteropServices;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar.Bench;

/// <summary>
/// A session of the sidecar, which stays open for all vectors. Its client's store is complete: the C library takes that for granted, and asks no host
/// whether it has a block that is in the cache.
/// </summary>
internal sealed class SidecarSession : ISession
{
    private const int MaxAnswerBytes = 8 << 20;

    private readonly SessionStream _stream;
    private readonly SidecarMode _mode;
    private ulong _calls;
    private ulong _machines;

    /// <param name="socket">The server's socket.</param>
    /// <param name="node">Answers the machines.</param>
    /// <param name="mode">How it sends the calls of a vector.</param>
    public SidecarSession(string socket, Node node, SidecarMode mode)
    {
        Node = node;
        _mode = mode;
        _stream = new SessionStream(socket);
        _stream.Write(new SessionRequest { Open = new OpenSession { Client = "bench", CompleteStore = true } });
        _stream.Flush();
        _ = _stream.Next();
    }

    public Node Node { get; }

    public bool Run(BenchVector vector, List<long> times)
    {
        Node.Externs = vector.Externs;
        return _mode switch
        {
            SidecarMode.Run => RunAsOne(vector, times),
            SidecarMode.Refused => IsRefused(times),
            _ => RunCalls(vector, times),
        };
    }

    public void Dispose() => _stream.Dispose();

    private bool IsRefused(List<long> times)
    {
        long begun = Stopwatch.GetTimestamp();
        Begin(new SessionRequest { FlushMachine = new FlushMachine { MachineId = ulong.MaxValue } });
        _stream.Flush();
        bool isRefused = End().FrameCase == SessionResponse.FrameOneofCase.Error;
        times.Add(Stopwatch.GetTimestamp() - begun);
        return isRefused;
    }

    private bool RunAsOne(BenchVector vector, List<long> times)
    {
        long begun = Stopwatch.GetTimestamp();
        RunMachine run = new()
        {
            MachineId = ++_machines,
            Settings = vector.Settings,
            Messages = { vector.Messages.Select(static message => message.Input) },
            Flushes = true,
            ReturnsBlocks = true,
            Drops = true,
        };
        Begin(new SessionRequest { RunMachine = run });
        _stream.Flush();
        bool good = true;
        int results = 0;
        SessionResponse frame;
        do
        {
            frame = End();
            RunPart? part = frame.FrameCase switch
            {
                SessionResponse.FrameOneofCase.RunPart => frame.RunPart,
                SessionResponse.FrameOneofCase.MachineRan => frame.MachineRan.Rest,
                _ => null,
            };
            foreach (MessageExecuted executed in part?.Executed ?? [])
            {
                good &= vector.Messages[results++].Has(executed.Result.Receipt.ExitCode, executed.Result.Receipt.GasUsed);
            }

            foreach (Protocol.V1.Block block in part?.Blocks ?? [])
            {
                Node.Put(block.Cid.Span, BytesOf(block.Data));
            }
        }
        while (frame.FrameCase == SessionResponse.FrameOneofCase.RunPart);

        long perMessage = (Stopwatch.GetTimestamp() - begun) / vector.Messages.Length;
        times.AddRange(Enumerable.Repeat(perMessage, vector.Messages.Length));
        return good && results == vector.Messages.Length && frame.MachineRan?.StateRoot.Span.SequenceEqual(vector.PostRoot) == true;
    }

    private bool RunCalls(BenchVector vector, List<long> times)
    {
        bool ahead = _mode == SidecarMode.Ahead;
        bool good = true;
        long last = Stopwatch.GetTimestamp();
        CallRequests requests = new(++_machines, vector);
        if (ahead)
        {
            foreach (SessionRequest request in requests)
            {
                Begin(request);
            }

            _stream.Flush();
        }

        foreach (SessionRequest request in requests)
        {
            if (!ahead)
            {
                last = Stopwatch.GetTimestamp();
                Begin(request);
                if (request.FrameCase == SessionRequest.FrameOneofCase.DropMachine)
                {
                    // Goes with the next call; nobody waits for it.
                    break;
                }

                _stream.Flush();
            }

            SessionResponse result = End();
            long now = Stopwatch.GetTimestamp();
            switch (result.FrameCase)
            {
                case SessionResponse.FrameOneofCase.MessageExecuted:
                    times.Add(now - last);
                    Protocol.V1.Receipt receipt = result.MessageExecuted.Result.Receipt;
                    good &= requests.MessageOf(request).Has(receipt.ExitCode, receipt.GasUsed);
                    break;
                case SessionResponse.FrameOneofCase.MachineFlushed:
                    good &= result.MachineFlushed.StateRoot.Span.SequenceEqual(vector.PostRoot);
                    break;
                case SessionResponse.FrameOneofCase.Error:
                    good = false;
                    break;
            }

            last = now;
        }

        return good;
    }

    private void Begin(SessionRequest request)
    {
        request.CallId = ++_calls;
        _stream.Write(request);
    }

    // Answers until a call has ended.
    private SessionResponse End()
    {
        while (true)
        {
            SessionResponse frame = _stream.Next();
            if (frame.FrameCase == SessionResponse.FrameOneofCase.Callback)
            {
                Node.Callbacks++;
                Answer(frame.Callback);
                _stream.Flush();
            }
            else if (_mode != SidecarMode.Single || frame.FrameCase != SessionResponse.FrameOneofCase.MachineDropped)
            {
                return frame;
            }
        }
    }

    private void Answer(Callback callback)
    {
        switch (callback.QuestionCase)
        {
            case Callback.QuestionOneofCase.GetBlocks:
                Blocks(callback);
                break;
            case Callback.QuestionOneofCase.HasBlocks:
                ExistenceAnswer existence = new();
                foreach (ByteString cid in callback.HasBlocks.Cids)
                {
                    existence.Exists.Add(Node.Has(cid.Span));
                }

                Answer(callback, new CallbackAnswer { Existence = existence });
                break;
            case Callback.QuestionOneofCase.PutBlocks:
                foreach (Protocol.V1.Block block in callback.PutBlocks.Blocks)
                {
                    Node.Put(block.Cid.Span, BytesOf(block.Data));
                }

                Answer(callback, new CallbackAnswer { Stored = new StoredAnswer() });
                break;
            case Callback.QuestionOneofCase.ChainRandomness:
                Answer(callback, Randomness(Node.Externs!.GetChainRandomness(new ChainEpoch(callback.ChainRandomness.Epoch))));
                break;
            case Callback.QuestionOneofCase.BeaconRandomness:
                Answer(callback, Randomness(Node.Externs!.GetBeaconRandomness(new ChainEpoch(callback.BeaconRandomness.Epoch))));
                break;
            case Callback.QuestionOneofCase.TipsetCid:
                byte[] tipset = Node.Externs!.GetTipsetCid(new ChainEpoch(callback.TipsetCid.Epoch)).ToBytes();
                Answer(callback, new CallbackAnswer { TipsetCid = new TipsetCidAnswer { Cid = UnsafeByteOperations.UnsafeWrap(tipset) } });
                break;
            case Callback.QuestionOneofCase.ConsensusFault:
                Answer(callback, new CallbackAnswer { ConsensusFault = new ConsensusFaultAnswer() });
                break;
            default:
                int count = callback.VerifySeals?.Seals.Count ?? 1;
                Answer(callback, new CallbackAnswer { Proof = new ProofAnswer { Verdicts = { Enumerable.Repeat(ProofVerdict.Valid, count) } } });
                break;
        }
    }

    private void Blocks(Callback callback)
    {
        BlocksAnswer part = new();
        int bytes = 0;
        foreach (ByteString cid in callback.GetBlocks.Cids)
        {
            byte[]? block = Node.Get(cid.Span);
            int length = block?.Length ?? 0;
            if (bytes > 0 && bytes + length > MaxAnswerBytes)
            {
                part.More = true;
                Answer(callback, new CallbackAnswer { Blocks = part });
                part = new BlocksAnswer();
                bytes = 0;
            }

            part.Blocks.Add(block is null ? new MaybeBlock() : new MaybeBlock { Data = UnsafeByteOperations.UnsafeWrap(block) });
            bytes += length;
        }

        Answer(callback, new CallbackAnswer { Blocks = part });
    }

    // What was parsed is an array of its own, which nobody changes.
    private static byte[] BytesOf(ByteString data) =>
        MemoryMarshal.TryGetArray(data.Memory, out ArraySegment<byte> bytes) && bytes.Array is byte[] array && array.Length == data.Length
            ? array
            : data.ToByteArray();

    private static CallbackAnswer Randomness(byte[] value) =>
        new() { Randomness = new RandomnessAnswer { Randomness = UnsafeByteOperations.UnsafeWrap(value) } };

    private void Answer(Callback callback, CallbackAnswer answer)
    {
        answer.CallbackId = callback.CallbackId;
        _stream.Write(new SessionRequest { CallbackAnswer = answer });
    }
}
