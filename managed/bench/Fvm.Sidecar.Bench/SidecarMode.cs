namespace Fvm.Sidecar.Bench;

/// <summary>How a client sends the calls of a vector.</summary>
internal enum SidecarMode
{
    /// <summary>One by one: it waits for each answer.</summary>
    Single,

    /// <summary>All at once.</summary>
    Ahead,

    /// <summary>As one call, a run, whose answer has the new blocks.</summary>
    Run,

    /// <summary>No vectors at all: one call per vector that the server refuses at once, which shows what a round trip takes.</summary>
    Refused,
}
