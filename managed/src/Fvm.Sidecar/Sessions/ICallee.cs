using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>What a <see cref="CallLine"/> serves calls with, one at a time.</summary>
internal interface ICallee
{
    /// <summary>The calls before one have ended. Without effect if it has begun.</summary>
    void Begin(SessionCall call);

    /// <summary>Executes a call, on a lane unless it needs none.</summary>
    /// <returns>The answer; null if the call makes way for others, and is to be executed on.</returns>
    SessionResponse? Execute(SessionCall call);

    /// <summary>The answer to a call that failed.</summary>
    SessionResponse Fail(SessionCall call, Exception exception);

    /// <summary>A call has ended.</summary>
    void End(SessionCall call, SessionResponse result);
}
