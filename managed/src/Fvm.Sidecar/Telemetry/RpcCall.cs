using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>Runs calls of gRPC: each is a span, is counted and logged, and fails with a status.</summary>
internal static class RpcCall
{
    /// <summary>Runs a call.</summary>
    /// <param name="telemetry">Receives what is to be seen of it.</param>
    /// <param name="name">The kind of call.</param>
    /// <param name="context">The call.</param>
    /// <param name="work">Does it, with its span.</param>
    /// <exception cref="RpcException">The call failed.</exception>
    public static async Task<T> RunAsync<T>(SidecarTelemetry telemetry, string name, ServerCallContext context, Func<Activity?, Task<T>> work)
    {
        Activity? span = telemetry.Tracing.Begin(name, telemetry.Tracing.ParentOf(context.RequestHeaders));
        long begun = Stopwatch.GetTimestamp();
        try
        {
            T result = await work(span);
            End(telemetry, span, name, begun, fault: null);
            return result;
        }
        catch (Exception e)
        {
            CallFault fault = FaultOf(e, context);
            if (fault.Code == StatusCode.Internal && e is not RpcException)
            {
                telemetry.Log.Defect(e, name);
            }

            End(telemetry, span, name, begun, fault);
            if (e is RpcException)
            {
                throw;
            }

            throw fault.ToException();
        }
    }

    /// <summary>What a client is told of an exception.</summary>
    public static CallFault FaultOf(Exception exception, ServerCallContext context)
    {
        // What reads and writes of a stream throw when the client has ended it.
        bool isEndOfStream = exception is IOException and not InvalidProtocolBufferException
            || (exception is InvalidOperationException && context.CancellationToken.IsCancellationRequested);
        return CallFault.Of(isEndOfStream ? new OperationCanceledException() : exception);
    }

    private static void End(SidecarTelemetry telemetry, Activity? span, string name, long begun, CallFault? fault)
    {
        StatusCode code = fault?.Code ?? StatusCode.OK;
        telemetry.Ended(name, code, fault?.Reason ?? default, fault?.Subject ?? string.Empty);
        telemetry.Log.CallEnded(name, Stopwatch.GetElapsedTime(begun).TotalMilliseconds, code, fault?.Message ?? string.Empty);
        SidecarTracing.End(span, code, fault?.Message ?? string.Empty);
    }
}
