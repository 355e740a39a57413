using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>A call of a session: ends once, with a result or an error.</summary>
internal sealed class SessionCall
{
    private readonly long _arrived = Stopwatch.GetTimestamp();
    private readonly SidecarTelemetry _telemetry;
    private readonly string _session;
    private readonly FrameWriter _writer;
    private readonly CancellationTokenSource _cancelled;

    public SessionCall(SessionRequest frame, FrameWriter writer, CancellationToken sessionEnded, SharedParts shared, string session)
    {
        _telemetry = shared.Telemetry;
        _session = session;
        Frame = frame;
        Bytes = frame.CalculateSize();
        _writer = writer;
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(sessionEnded);
        Cancelled = _cancelled.Token;
        Message = frame.ExecuteMessage is ExecuteMessage execute ? new SessionMessage(execute.Input) : null;
        Run = frame.RunMachine is RunMachine run ? new MachineRun(run, shared.Options.MaxFrameBytes, Send) : null;
    }

    public SessionRequest Frame { get; }

    /// <summary>The kind of call.</summary>
    public string Name => Frame.FrameCase switch
    {
        SessionRequest.FrameOneofCase.CreateMachine => "create_machine",
        SessionRequest.FrameOneofCase.ExecuteMessage => "execute_message",
        SessionRequest.FrameOneofCase.FlushMachine => "flush_machine",
        SessionRequest.FrameOneofCase.RunMachine => "run_machine",
        _ => "drop_machine",
    };

    /// <summary>The size of its frame, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Set when the client cancels the call or the session ends.</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>Called at the end, before the client learns of it.</summary>
    public Action<SessionCall>? Ended { get; set; }

    /// <summary>Called when the client was told, or cannot be.</summary>
    public Action? Told { get; set; }

    /// <summary>Whether a part of it was executed.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Its times, from when the calls before it had ended.</summary>
    public CallTimes? Times { get; set; }

    /// <summary>Its span; null for none.</summary>
    public Activity? Span { get; set; }

    /// <summary>The priority that it states.</summary>
    public Priority Priority => Frame.ExecuteMessage?.Priority ?? Frame.RunMachine?.Priority ?? Priority.Unspecified;

    /// <summary>The message of a call that executes one.</summary>
    public SessionMessage? Message { get; }

    /// <summary>The steps of a call that has several.</summary>
    public MachineRun? Run { get; }

    /// <summary>Whether a machine is to be created.</summary>
    public bool Creates => Frame.FrameCase == SessionRequest.FrameOneofCase.CreateMachine || Frame.RunMachine?.Settings is not null;

    /// <summary>Whether the machine takes no further call.</summary>
    public bool Drops => Frame.FrameCase == SessionRequest.FrameOneofCase.DropMachine || Frame.RunMachine?.Drops == true;

    /// <summary>The machine that the call is for.</summary>
    public ulong MachineId => Frame.FrameCase switch
    {
        SessionRequest.FrameOneofCase.CreateMachine => Frame.CreateMachine.MachineId,
        SessionRequest.FrameOneofCase.ExecuteMessage => Frame.ExecuteMessage.MachineId,
        SessionRequest.FrameOneofCase.FlushMachine => Frame.FlushMachine.MachineId,
        SessionRequest.FrameOneofCase.RunMachine => Frame.RunMachine.MachineId,
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

    /// <summary>The machine's share of the processors, while the call is on a lane.</summary>
    public HostCalls? Lane { get; set; }

    /// <summary>Sends a part of the answer, from a lane; the call goes on.</summary>
    public void Send(SessionResponse part)
    {
        part.CallId = Frame.CallId;
        _writer.Write(part, Lane);
    }

    /// <summary>Ends the call with a result or an error.</summary>
    /// <param name="result">The result.</param>
    /// <param name="mayHold">Whether it may go with the answer to a later call, a moment later.</param>
    public async ValueTask EndAsync(SessionResponse result, bool mayHold = false)
    {
        Ended?.Invoke(this);
        Observe(result.Error);
        result.CallId = Frame.CallId;
        try
        {
            await _writer.WriteAsync(result, mayHold);
        }
        finally
        {
            // Else the session's token would keep it for as long as the session lasts.
            _cancelled.Dispose();
            Told?.Invoke();
        }
    }

    /// <summary>Ends the call with an error.</summary>
    public ValueTask FailAsync(CallFault fault) => EndAsync(new SessionResponse { Error = fault.ToError() });

    private void Observe(CallError? error)
    {
        StatusCode code = (StatusCode)(error?.Code ?? 0);
        _telemetry.Ended(Name, code, error?.Detail.Reason ?? default, error?.Detail.Subject ?? string.Empty);
        _telemetry.Log.SessionCallEnded(
            _session, Name, Frame.CallId, MachineId, Stopwatch.GetElapsedTime(_arrived).TotalMilliseconds, code, error?.Message ?? string.Empty);
    }
}
