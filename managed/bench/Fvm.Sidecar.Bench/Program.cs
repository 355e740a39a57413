// Runs the vectors of a set for a while, by the sidecar or by the C library, in so many sessions at a time, each with a thread of its own. A session
// creates a machine per vector, executes its messages, flushes and drops it; both sides read the same blocks of the same node, by callbacks.
// Prints one line: messages per second; the 50th and 99th percentile of a message's time in microseconds; callbacks and blocks asked for per message;
// the number of runs whose results differ from the recorded ones; processor time per message in microseconds, of this process and of the
// server; the server's context switches per message; messages per vector. `refused`: the same of calls that the server refuses at once.
using System.Diagnostics;
using System.Globalization;
using Fvm.Ipld;
using Fvm.Sidecar.Bench;

const int WarmUpRounds = 5;
if (args.Length is not (6 or 7) || !int.TryParse(args[4], out int sessions) || !int.TryParse(args[5], out int milliseconds))
{
    Console.Error.WriteLine("usage: Fvm.Sidecar.Bench abi LIBRARY|sidecar SOCKET|ahead SOCKET|run SOCKET|refused SOCKET SET.ndjson.gz BUNDLES SESSIONS MILLISECONDS [SERVER-PID]");
    return 2;
}

(BenchVector[] vectors, IBlockstore blocks) = BenchVector.Read(args[2], args[3]);
AbiLibrary? library = args[0] == "abi" ? new AbiLibrary(args[1]) : null;
ISession[] all = [.. Enumerable.Range(0, sessions).Select(_ => Open())];

// Actors are compiled, and blocks in the cache shared by machines, before the clock runs.
List<long> untimed = [];
for (int round = 0; round < WarmUpRounds; round++)
{
    Array.ForEach(vectors, vector => all[0].Run(vector, untimed));
}

// Each session is one that has been open for a while.
Parallel.ForEach(all.Skip(1), session =>
{
    List<long> ignored = [];
    Array.ForEach(vectors, vector => session.Run(vector, ignored));
});

long callbacks = -all.Sum(static session => session.Node.Callbacks);
long gets = -all.Sum(static session => session.Node.Gets);
int differing = 0;
List<long>[] times = [.. all.Select(static _ => new List<long>(1 << 16))];
TimeSpan span = TimeSpan.FromMilliseconds(milliseconds);
TimeSpan ownTime = Environment.CpuUsage.TotalTime;
TimeSpan serverTime = ServerTime();
long switches = Switches();
long begun = Stopwatch.GetTimestamp();
Thread[] threads = [.. all.Select((session, index) => new Thread(() => Work(session, index), 1 << 20))];
Array.ForEach(threads, static thread => thread.Start());
Array.ForEach(threads, static thread => thread.Join());
double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
ownTime = Environment.CpuUsage.TotalTime - ownTime;
serverTime = ServerTime() - serverTime;
switches = Switches() - switches;
Array.ForEach(all, static session => session.Dispose());
callbacks += all.Sum(static session => session.Node.Callbacks);
gets += all.Sum(static session => session.Node.Gets);
List<long> sorted = [.. times.SelectMany(static list => list).Order()];
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{sorted.Count / seconds:F1} {Percentile(50):F1} {Percentile(99):F1} {(double)callbacks / sorted.Count:F2} {(double)gets / sorted.Count:F2} {differing} "
    + $"{ownTime.TotalMicroseconds / sorted.Count:F1} {serverTime.TotalMicroseconds / sorted.Count:F1} {(double)switches / sorted.Count:F1} {vectors.Average(static vector => vector.Messages.Length):F3}"));
return 0;

TimeSpan ServerTime()
{
    if (args.Length < 7)
    {
        return default;
    }

    using Process server = Process.GetProcessById(int.Parse(args[6], CultureInfo.InvariantCulture));
    return server.TotalProcessorTime;
}

long Switches() => args.Length < 7 ? 0 : Directory.GetDirectories($"/proc/{args[6]}/task")
    .SelectMany(static thread => File.ReadLines(thread + "/status"))
    .Where(static line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
    .Sum(static line => long.Parse(line.AsSpan(line.IndexOf(':') + 1), CultureInfo.InvariantCulture));

ISession Open()
{
    Node node = new(blocks);
    return library is null ? new SidecarSession(args[1], node, ModeOf(args[0])) : new AbiSession(library, node);
}

static SidecarMode ModeOf(string name) => name switch
{
    "ahead" => SidecarMode.Ahead,
    "run" => SidecarMode.Run,
    "refused" => SidecarMode.Refused,
    _ => SidecarMode.Single,
};

// Each session begins with another vector.
void Work(ISession session, int index)
{
    for (int next = index * vectors.Length / sessions; Stopwatch.GetElapsedTime(begun) < span; next = (next + 1) % vectors.Length)
    {
        if (!session.Run(vectors[next], times[index]))
        {
            Interlocked.Increment(ref differing);
        }
    }
}

double Percentile(int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)] * 1e6 / Stopwatch.Frequency;
