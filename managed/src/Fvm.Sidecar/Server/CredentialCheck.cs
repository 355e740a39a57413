using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Fvm.Sidecar;

/// <summary>
/// Asks callers for the token, unless their connection is known to be the owner's (the Unix socket, whose peer's user was checked).
/// </summary>
internal sealed class CredentialCheck(BearerToken? token, SidecarTelemetry telemetry)
{
    /// <summary>Marks connections to the Unix socket.</summary>
    public static ConnectionDelegate MarkOwner(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(new OwnersConnection());
        return next(connection);
    };

    /// <summary>Wraps the handling of requests: a refused one gets a status without entering any service.</summary>
    public RequestDelegate Guard(RequestDelegate next) => async context =>
    {
        if (token is null || context.Features.Get<OwnersConnection>() is not null || token.IsIn(context.Request.Headers.Authorization))
        {
            await next(context);
            return;
        }

        bool isMissing = context.Request.Headers.Authorization.Count == 0;
        CallFault fault = CallFault.Credential(isMissing ? "a bearer token is required" : "the bearer token is not the server's");
        telemetry.RefusedCaller(fault.Message);
        Refuse(context.Response, fault);
    };

    // A response of gRPC that consists of headers alone.
    private static void Refuse(HttpResponse response, CallFault fault)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)fault.Code).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = fault.Message;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(fault.ToStatus().ToByteArray());
    }

    private sealed class OwnersConnection;
}
