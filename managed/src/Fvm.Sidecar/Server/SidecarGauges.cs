using System.Diagnostics.Metrics;
using Fvm.Hosting;

namespace Fvm.Sidecar;

/// <summary>Metrics that are looked up when they are read.</summary>
internal static class SidecarGauges
{
    /// <summary>Adds them to the server's meter.</summary>
    public static void Add(Meter meter, SharedParts shared, BlockSets uploads)
    {
        SharedBlockCache blocks = shared.Blocks;
        EnginePool engines = shared.Engines;
        meter.CreateObservableCounter("fvm.sidecar.block_cache.hits", () => blocks.Hits, "{read}", "Reads served by the shared block cache.");
        meter.CreateObservableCounter("fvm.sidecar.block_cache.misses", () => blocks.Misses, "{read}", "Reads that the shared block cache missed.");
        Gauge("fvm.sidecar.block_cache.blocks", () => blocks.Count, "{block}", "Blocks in the shared block cache.");
        Gauge("fvm.sidecar.block_cache.size", () => blocks.Bytes, "By", "Memory of the shared block cache.");
        meter.CreateObservableCounter("fvm.sidecar.code.prepared", () => engines.Prepared, "{module}", "Modules of actors prepared so far.");
        Gauge("fvm.sidecar.code.modules", () => engines.Count, "{module}", "Prepared modules that are kept.");
        Gauge("fvm.sidecar.code.size", () => engines.Bytes, "By", "Memory of the prepared modules.");
        Gauge("fvm.sidecar.lanes.limit", () => shared.Options.Lanes, "{lane}", "Lanes for calls.");
        Gauge("fvm.sidecar.lanes.used", () => shared.Running, "{lane}", "Lanes with a call.");
        Gauge("fvm.sidecar.sessions", () => shared.Sessions, "{session}", "Open sessions.");
        Gauge("fvm.sidecar.machines", () => shared.Machines, "{machine}", "Machines of all sessions.");
        Gauge("fvm.sidecar.stopping", () => shared.Stopping.IsCancellationRequested ? 1 : 0, "", "1 while the server stops.");
        meter.CreateObservableUpDownCounter("fvm.sidecar.queue.length", () => QueueLengths(shared), "{call}", "Calls that wait for a lane.");
        meter.CreateObservableUpDownCounter(
            "fvm.sidecar.held.size", () => HeldBytes(shared, uploads), "By", "Memory held for clients, beside that of running machines.");
        meter.CreateObservableUpDownCounter("fvm.sidecar.build_info", () => Build(engines), "", "1, with the build and the engine as labels.");

        void Gauge(string name, Func<long> value, string unit, string description) =>
            meter.CreateObservableUpDownCounter(name, value, unit, description);
    }

    private static IEnumerable<Measurement<long>> QueueLengths(SharedParts shared) => Enum.GetValues<LanePriority>()
        .Select(priority => new Measurement<long>(shared.QueuedBy(priority), SidecarMetrics.PriorityTag(priority)));

    private static IEnumerable<Measurement<long>> HeldBytes(SharedParts shared, BlockSets uploads) =>
    [
        new(shared.Holders.Sum(static holder => holder.HeldBytes), new KeyValuePair<string, object?>("for", "calls")),
        new(shared.Holders.Sum(static holder => holder.UnreadBytes), new KeyValuePair<string, object?>("for", "unread_frames")),
        new(uploads.Bytes, new KeyValuePair<string, object?>("for", "uploads")),
    ];

    private static Measurement<long> Build(EnginePool engines) => new(
        1,
        new KeyValuePair<string, object?>("version", BuildVersion.Version),
        new KeyValuePair<string, object?>("commit", BuildVersion.Commit),
        new KeyValuePair<string, object?>("engine", engines.EngineName));
}
