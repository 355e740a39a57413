using System.IO.Pipelines;
using Fvm.Protocol.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Fvm.Sidecar;

/// <summary>The gRPC side of sessions.</summary>
internal sealed class SessionService(SharedParts shared) : Protocol.V1.SessionService.SessionServiceBase
{
    public override Task Session(
        IAsyncStreamReader<SessionRequest> requestStream, IServerStreamWriter<SessionResponse> responseStream, ServerCallContext context) =>
        RpcCall.RunAsync(shared.Telemetry, "session", context, async span =>
        {
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            HttpContext http = context.GetHttpContext();
            PipeWriter response = http.Response.BodyWriter;
            IConnectionThread? connection = http.Features.Get<IConnectionThread>();
            FrameWriter writer = new(
                responseStream,
                () => response.FlushAsync(ended.Token).AsTask(),
                shared.Options.MaxUnreadBytes,
                shared.Options.CallbackTimeout,
                ended,
                connection);
            await using RequestFrames? frames = RequestFrames.For(http.Request, connection, shared.Options.MaxFrameBytes);
            http.Features.Set(frames);
            Session session = new(shared, writer, ended, context);
            shared.EnterSession(session);
            CallFault? fault = null;
            try
            {
                span?.SetTag("fvm.session", session.Name);
                await session.RunAsync(frames ?? requestStream);
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
