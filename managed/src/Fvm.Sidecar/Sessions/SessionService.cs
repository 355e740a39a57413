using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>The gRPC side of sessions.</summary>
internal sealed class SessionService(SharedParts shared) : Protocol.V1.SessionService.SessionServiceBase
{
    public override async Task Session(
        IAsyncStreamReader<SessionRequest> requestStream, IServerStreamWriter<SessionResponse> responseStream, ServerCallContext context)
    {
        try
        {
            shared.EnterSession();
            try
            {
                using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
                FrameWriter writer = new(responseStream, shared.Options.MaxUnreadBytes, shared.Options.CallbackTimeout, ended);
                Session session = new(shared, writer, ended);
                await session.RunAsync(requestStream);
            }
            finally
            {
                shared.LeaveSession();
            }
        }
        catch (CallFault fault)
        {
            throw fault.ToException();
        }
        catch (OperationCanceledException e)
        {
            throw CallFault.Of(e).ToException();
        }
    }
}
