using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>What the machines of a session share.</summary>
/// <param name="Callbacks">The way to the client.</param>
/// <param name="Lanes">The lanes that the session may hold.</param>
/// <param name="Bytes">The bytes held for it.</param>
/// <param name="Priority">The priority of calls that state none.</param>
/// <param name="Name">The server's name of the session.</param>
/// <param name="Trace">The client's span.</param>
internal sealed record SessionParts(
    Callbacks Callbacks, SemaphoreSlim Lanes, SessionBytes Bytes, Priority Priority, string Name, ActivityContext Trace)
{
    /// <summary>The priority of a call.</summary>
    public LanePriority PriorityOf(Priority stated) => (stated == Priority.Unspecified ? Priority : stated) switch
    {
        Priority.High => LanePriority.High,
        Priority.Low => LanePriority.Low,
        _ => LanePriority.Normal,
    };
}
