using Fvm.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>A call that fails, with what the client is told.</summary>
/// <param name="code">The gRPC code.</param>
/// <param name="reason">For programs.</param>
/// <param name="message">For people.</param>
/// <param name="subject">What it is about: a field's path, a limit's name, a CID; empty if nothing single.</param>
/// <param name="retryAfter">When the same call is worth another attempt; null if it is not.</param>
internal sealed class CallFault(StatusCode code, ErrorReason reason, string message, string subject = "", TimeSpan? retryAfter = null)
    : Exception(message)
{
    public ErrorReason Reason => reason;

    /// <summary>What it is about.</summary>
    public string Subject => subject;

    /// <summary>The gRPC code.</summary>
    public StatusCode Code => code;

    public static CallFault Field(string path, string problem) =>
        new(StatusCode.InvalidArgument, ErrorReason.InvalidField, $"{path}: {problem}", path);

    public static CallFault Protocol(string problem) =>
        new(StatusCode.FailedPrecondition, ErrorReason.ProtocolViolation, problem);

    public static CallFault Id(string problem) =>
        new(StatusCode.FailedPrecondition, ErrorReason.UnknownOrUsedId, problem);

    public static CallFault Limit(string limit, string problem, TimeSpan? retryAfter = null) =>
        new(StatusCode.ResourceExhausted, ErrorReason.LimitReached, problem, limit, retryAfter);

    /// <param name="problem">For people.</param>
    /// <param name="subject">The CID of the missing or malformed block, or the digest of a set of blocks.</param>
    public static CallFault Broken(string problem, string subject) =>
        new(StatusCode.FailedPrecondition, ErrorReason.BrokenState, problem, subject);

    public static CallFault Stopping() => new(StatusCode.Unavailable, ErrorReason.Stopping, "the server is stopping");

    public static CallFault Credential(string problem) => new(StatusCode.Unauthenticated, ErrorReason.NoCredential, problem);

    /// <summary>The part that programs read.</summary>
    public ErrorDetail ToDetail() => new() { Reason = reason, Subject = subject, RetryAfter = retryAfter?.ToDuration() };

    /// <summary>The failure of a single call of a session.</summary>
    public CallError ToError() => new() { Code = (int)code, Message = Message, Detail = ToDetail() };

    /// <summary>The status of a whole call.</summary>
    public RpcException ToException() => ToStatus().ToRpcException();

    /// <summary>The status of a whole call, as its trailer holds it.</summary>
    public Google.Rpc.Status ToStatus()
    {
        Google.Rpc.Status status = new() { Code = (int)code, Message = Message };
        status.Details.Add(Any.Pack(ToDetail()));
        return status;
    }

    /// <summary>What a client is told of an exception. A callback's failure explains more than its consequence.</summary>
    public static CallFault Of(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is CallFault fault)
            {
                return fault;
            }

            if (cause is OperationCanceledException)
            {
                return new(StatusCode.Cancelled, ErrorReason.Cancelled, "the call was cancelled");
            }
        }

        return exception switch
        {
            InvalidProtocolBufferException => new(StatusCode.InvalidArgument, ErrorReason.InvalidField, $"a frame is malformed: {exception.Message}"),
            RpcException e => new(e.StatusCode, ErrorReason.Unspecified, e.Status.Detail),
            MessageException => new(StatusCode.InvalidArgument, ErrorReason.MalformedMessage, exception.Message, "input.message"),
            FatalException => new(StatusCode.FailedPrecondition, ErrorReason.BrokenState, exception.Message),
            _ when ResourceExhaustedException.IsCauseOf(exception) =>
                new(StatusCode.ResourceExhausted, ErrorReason.OutOfResources, exception.Message),
            _ => new(StatusCode.Internal, ErrorReason.Unspecified, UnforeseenFailure.Describe(exception)),
        };
    }
}
