using System.IO.Pipelines;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>The gRPC side of sessions.</summary>
internal sealed class SessionService(SharedParts shared) : Protocol.V1.SessionService.SessionServiceBase
{
    public override Task Session(
        IAsyncStreamReader<SessionRequest> requestStream, IServerStreamWriter<SessionResponse> responseStream, ServerCallContext context) =>
        RpcCall.RunAsync(shared.Telemetry, "session", context, async span =>
        {
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            PipeWriter response = context.GetHttpContext().Response.BodyWriter;
            FrameWriter writer = new(
                responseStream,
                () => response.FlushAsync(ended.Token).AsTask(),
                shared.Options.MaxUnreadBytes,
                shared.Options.CallbackTimeout,
                ended);
            Session session = new(shared, writer, ended, context);
            shared.EnterSession(session);
            CallFault? fault = null;
            try
            {
                span?.SetTag("fvm.session", session.Name);
                await session.RunAsync(requestStream);
                return true;
            }
            catch (Exception e)
            {
                fault = RpcCall.FaultOf(e, context);
                throw;
            }
            finally
            {
                shared.LeaveSession(session);
                session.LogEnd(fault);
            }
        });
}
