using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>Runs recorded vectors and collects what a check finds wrong with each message.</summary>
internal static class RecordedMessages
{
    /// <summary>Replays a set; ignores the test without the reference material.</summary>
    /// <param name="set">The set below the folder of recordings, such as <c>nv28/evm.ndjson.gz</c>.</param>
    /// <param name="faultOf">What is wrong with a message; null for nothing. Called by several threads at once.</param>
    /// <param name="syscalls">Whether the traces have the syscalls.</param>
    /// <returns>The number of messages.</returns>
    public static int Check(string set, Func<ReplayedMessage, string?> faultOf, bool syscalls = false)
    {
        string path = Repository.Shared("vectors", "recorded", set);
        using VectorReplayer replayer = new(new ReplaySettings
        {
            TraceSyscalls = syscalls,
            BundleDirectory = Repository.Shared("bundles"),
            Describe = applied => faultOf(applied) ?? string.Empty,
        });
        List<string> faults = [];
        int messages = 0;
        ParallelReplay.Run(VectorFiles.Read([path]), jobs: 2, replayer.ReplayAll, results =>
        {
            foreach (VectorResult result in results)
            {
                faults.AddRange(result.Differences.Select(difference => $"{result.Name}: {difference}"));
                faults.AddRange(result.Descriptions.Where(static fault => fault.Length > 0).Select(fault => $"{result.Name}: {fault}"));
                messages += result.Descriptions.Count;
                if (result.Reason is not null)
                {
                    faults.Add($"{result.Name}: {result.Reason}");
                }
            }
        });
        Assert.That(faults.Take(20), Is.Empty, $"{faults.Count} faults in {messages} messages");
        return messages;
    }
}
