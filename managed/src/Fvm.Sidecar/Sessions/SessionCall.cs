using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>A call of a session: ends once, with a result or an error.</summary>
internal sealed class SessionCall
{
    private readonly FrameWriter _writer;
    private readonly CancellationTokenSource _cancelled;

    public SessionCall(SessionRequest frame, FrameWriter writer, CancellationToken sessionEnded)
    {
        Frame = frame;
        Bytes = frame.CalculateSize();
        _writer = writer;
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(sessionEnded);
        Cancelled = _cancelled.Token;
    }

    public SessionRequest Frame { get; }

    /// <summary>The size of its frame, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Set when the client cancels the call or the session ends.</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>Called at the end, before the client learns of it.</summary>
    public Action<SessionCall>? Ended { get; set; }

    /// <summary>Called when the client was told, or cannot be.</summary>
    public Action? Told { get; set; }

    /// <summary>The machine that the call is for.</summary>
    public ulong MachineId => Frame.FrameCase switch
    {
        SessionRequest.FrameOneofCase.CreateMachine => Frame.CreateMachine.MachineId,
        SessionRequest.FrameOneofCase.ExecuteMessage => Frame.ExecuteMessage.MachineId,
        SessionRequest.FrameOneofCase.FlushMachine => Frame.FlushMachine.MachineId,
        _ => Frame.DropMachine.MachineId,
    };

    /// <summary>Cancels the call, unless it has ended.</summary>
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in the meantime.
        }
    }

    /// <summary>Sends a part of the answer, from a lane; the call goes on.</summary>
    public void Send(SessionResponse part)
    {
        part.CallId = Frame.CallId;
        _writer.Write(part);
    }

    /// <summary>Ends the call with a result or an error.</summary>
    public async Task EndAsync(SessionResponse result)
    {
        Ended?.Invoke(this);
        result.CallId = Frame.CallId;
        try
        {
            await _writer.WriteAsync(result);
        }
        finally
        {
            // Else the session's token would keep it for as long as the session lasts.
            _cancelled.Dispose();
            Told?.Invoke();
        }
    }

    /// <summary>Ends the call with an error.</summary>
    public Task FailAsync(CallFault fault) => EndAsync(new SessionResponse { Error = fault.ToError() });
}
