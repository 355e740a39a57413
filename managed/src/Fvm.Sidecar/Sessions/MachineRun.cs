using System.Diagnostics;
using Fvm.Ipld;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>A run of a machine: how far it is, and what of it the client has not got. Used by one thread at a time.</summary>
/// <param name="request">What to do.</param>
/// <param name="maxFrameBytes">The limit of frames.</param>
/// <param name="send">Sends a frame that does not end the run.</param>
internal sealed class MachineRun(RunMachine request, int maxFrameBytes, Action<SessionResponse> send)
{
    /// <summary>The most messages of a run.</summary>
    public const int MaxMessages = 10_000;

    // Results and blocks wait for others up to this size, and this share of a frame.
    private const int MaxPartBytes = 4 << 20;
    private const int PartsPerFrame = 4;

    // Their blocks are asked for together.
    private const int MaxAhead = 64;

    private readonly Queue<SessionMessage> _ahead = new();
    private readonly MachineRan _result = new();
    private RunPart _part = new();
    private long _partBytes;
    private long _since;
    private int _taken;

    public RunMachine Request => request;

    /// <summary>Whether the machine is there: created by the run, or before it.</summary>
    public bool HasMachine { get; private set; } = request.Settings is null;

    /// <summary>Whether the blocks that came with the run were taken.</summary>
    public bool HasBlocks { get; set; }

    /// <summary>The index of the message that is executed; null in other steps.</summary>
    public int? MessageIndex { get; private set; }

    /// <summary>Whether messages are left.</summary>
    public bool HasMessages => _taken < request.Messages.Count;

    /// <summary>The times of a step that is about to begin: it has waited since the one before.</summary>
    /// <param name="name">The kind.</param>
    /// <param name="call">The run's call.</param>
    public MachineStep Step(string name, SessionCall call) => new(name, new CallTimes(_since == 0 ? call.Times!.Queued : _since), null);

    /// <summary>Messages whose blocks are to be asked for together: the next ones, unless that was done.</summary>
    public IEnumerable<SessionMessage> LookAhead()
    {
        if (_ahead.Count > 0)
        {
            yield break;
        }

        for (int i = _taken; i < request.Messages.Count && _ahead.Count < MaxAhead; i++)
        {
            SessionMessage message = new(request.Messages[i]);
            _ahead.Enqueue(message);
            yield return message;
        }
    }

    /// <summary>Goes on to the next message.</summary>
    public SessionMessage Next()
    {
        SessionMessage message = _ahead.TryDequeue(out SessionMessage? next) ? next : new SessionMessage(request.Messages[_taken]);
        MessageIndex = _taken++;
        return message;
    }

    /// <summary>The machine was created.</summary>
    public void Created(ExecutionCost cost)
    {
        HasMachine = true;
        _result.CreationCost = cost;
        _since = Stopwatch.GetTimestamp();
    }

    /// <summary>A message was executed.</summary>
    public void Executed(MessageExecuted executed)
    {
        MessageIndex = null;
        _since = Stopwatch.GetTimestamp();
        MakeRoom(executed.CalculateSize());
        _part.Executed.Add(executed);
        if (request.StreamsResults)
        {
            SendPart();
        }
    }

    /// <summary>Takes new blocks of the flush.</summary>
    public void Take(PutBlocks batch)
    {
        foreach (Protocol.V1.Block block in batch.Blocks)
        {
            MakeRoom(block.CalculateSize());
            _part.Blocks.Add(block);
        }
    }

    /// <summary>The state was written.</summary>
    public void Flushed(ExecutionCost cost, in Cid root)
    {
        _result.StateRoot = ToClient.Bytes(in root);
        _result.FlushCost = cost;
    }

    /// <summary>Sends what the client has not got.</summary>
    public void SendPart()
    {
        if (_partBytes > 0)
        {
            RunPart part = _part;
            _part = new RunPart();
            _partBytes = 0;
            send(new SessionResponse { RunPart = part });
        }
    }

    /// <summary>The answer, when all steps are done.</summary>
    public SessionResponse End()
    {
        _result.Rest = _partBytes > 0 ? _part : null;
        return new SessionResponse { MachineRan = _result };
    }

    private void MakeRoom(int bytes)
    {
        if (_partBytes + bytes > Math.Min(maxFrameBytes / PartsPerFrame, MaxPartBytes))
        {
            SendPart();
        }

        _partBytes += bytes;
    }
}
