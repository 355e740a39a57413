using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>A call of a session: ends once, with a result or an error.</summary>
internal sealed class SessionCall(SessionRequest frame, FrameWriter writer, CancellationToken sessionEnded)
{
    private readonly CancellationTokenSource _cancelled = CancellationTokenSource.CreateLinkedTokenSource(sessionEnded);

    public SessionRequest Frame => frame;

    /// <summary>The size of its frame, in bytes.</summary>
    public long Bytes { get; } = frame.CalculateSize();

    /// <summary>Set when the client cancels the call or the session ends.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Called at the end, before the client learns of it.</summary>
    public Action<SessionCall>? Ended { get; set; }

    /// <summary>The machine that the call is for.</summary>
    public ulong MachineId => frame.FrameCase switch
    {
        SessionRequest.FrameOneofCase.CreateMachine => frame.CreateMachine.MachineId,
        SessionRequest.FrameOneofCase.ExecuteMessage => frame.ExecuteMessage.MachineId,
        SessionRequest.FrameOneofCase.FlushMachine => frame.FlushMachine.MachineId,
        _ => frame.DropMachine.MachineId,
    };

    public void Cancel() => _cancelled.Cancel();

    /// <summary>Sends a part of the answer; the call goes on.</summary>
    public void Send(SessionResponse part)
    {
        part.CallId = frame.CallId;
        writer.Write(part);
    }

    /// <summary>Ends the call with a result.</summary>
    public void End(SessionResponse result)
    {
        Ended?.Invoke(this);
        Send(result);
    }

    /// <summary>Ends the call with an error.</summary>
    public void Fail(CallFault fault) => End(new SessionResponse { Error = fault.ToError() });
}
