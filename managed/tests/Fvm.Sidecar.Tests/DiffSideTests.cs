using System.Net.Sockets;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Sidecar.Tests;

/// <summary>A sidecar as a side of a comparison: <c>grpc:ADDRESS</c>.</summary>
public sealed class DiffSideTests
{
    private static readonly string[] Examples = ["caller", "counter", "events", "failing", "transfers"];

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_sidecar_gives_the_results_of_the_engine_in_this_process(bool traces)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using EngineSide engine = new("compiler", new ReplaySettings());
        using SidecarSide sidecar = SideOf(server.Socket, traces);
        VectorCase[] cases = [.. Examples.Select(Example)];
        IReadOnlyList<SideRun> ours = engine.Run(cases);
        IReadOnlyList<SideRun> theirs = sidecar.Run(cases);
        for (int index = 0; index < cases.Length; index++)
        {
            VectorComparison comparison = RunComparer.Compare(cases[index], ours[index], theirs[index]);
            Assert.That(comparison.Fields, Is.Empty, cases[index].Name);
            Assert.That(comparison.Status, Is.EqualTo(ComparisonStatus.Same), comparison.Reason);
            Assert.That(theirs[index].Outcomes.Select(static outcome => outcome.Trace is not null), Has.All.EqualTo(traces));
            Assert.That(theirs[index].Outcomes.Select(static outcome => outcome.TraceDigest),
                Is.EqualTo(ours[index].Outcomes.Select(static outcome => outcome.TraceDigest)));
            Assert.That(theirs[index].Written!.Select(static block => block.Key), Does.Contain(Fvm.Ipld.Cid.Parse(theirs[index].StateRoot!)));
        }
    }

    [Test]
    public async Task A_bundle_is_uploaded_again_if_the_sidecar_has_forgotten_it()
    {
        string folder = Path.GetDirectoryName(Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz"))!;
        VectorCase[] cases = [.. ((string[])["nv28", "nv27", "nv28"]).Select(static version =>
            VectorCase.Of(VectorFiles.Read([Repository.Shared("vectors", "recorded", version, "paych.ndjson.gz")]).First().Vector!).Single())];
        using EngineSide engine = new("compiler", new ReplaySettings { BundleDirectory = folder });
        IReadOnlyList<SideRun> ours = engine.Run(cases);
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxUploadBytes = 1 });
        using SidecarSide sidecar = SideOf(server.Socket, traces: true, folder);
        IReadOnlyList<SideRun> theirs = sidecar.Run(cases);
        for (int index = 0; index < cases.Length; index++)
        {
            Assert.That(theirs[index].Failure, Is.Null);
            Assert.That(RunComparer.Compare(cases[index], ours[index], theirs[index]).Fields, Is.Empty);
        }
    }

    [Test]
    public async Task A_network_version_that_the_sidecar_does_not_know_fails_its_vector_alone()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using SidecarSide sidecar = SideOf(server.Socket, traces: true);
        VectorCase good = Example("counter");
        VectorCase unknown = good with { Variant = good.Variant with { NetworkVersion = 15 } };
        IReadOnlyList<SideRun> runs = sidecar.Run([unknown, good]);
        Assert.That(runs[0].Failure, Is.EqualTo("network version 15 is not supported"));
        Assert.That(runs[1].Failure, Is.Null);
    }

    [Test]
    public void An_address_where_nobody_listens_is_no_side()
    {
        Assert.That(
            () => SideOf("/nowhere/socket", traces: true),
            Throws.TypeOf<InputException>().With.Message.StartsWith("grpc:/nowhere/socket: no sidecar answers: ").And.Message.Not.Contains("\n"));
        Assert.That(() => SideOf("127.0.0.1:1", traces: true), Throws.TypeOf<InputException>().With.Message.Contains("no sidecar answers"));
        foreach (string address in (string[])["", "nothing", "host:", "host:port", "a b:1", "user@host:1"])
        {
            Assert.That(() => SideOf(address, traces: true), Throws.TypeOf<InputException>().With.Message.Contains("HOST:PORT"), address);
        }
    }

    [Test]
    public async Task A_sidecar_that_dies_between_two_vectors_is_no_side_any_more()
    {
        RunningServer server = await RunningServer.StartAsync();
        await using (server)
        {
            using SidecarSide sidecar = SideOf(server.Socket, traces: true);
            Assert.That(sidecar.Run([Example("counter")]).Single().Failure, Is.Null);
            await server.StopAsync();
            Assert.That(
                () => sidecar.Run([Example("counter")]),
                Throws.TypeOf<InputException>().With.Message.StartsWith($"grpc:{server.Socket}: ").And.Message.Contains("counter.json"));
        }
    }

    [Test]
    public void A_server_that_does_not_answer_or_hangs_up_or_speaks_otherwise_is_no_side()
    {
        string folder = Directory.CreateTempSubdirectory("fvm-side-").FullName;
        try
        {
            string late = ServerOf(Path.Combine(folder, "late"), static _ => Thread.Sleep(Timeout.Infinite));
            Assert.That(() => SideOf(late, traces: true), Throws.TypeOf<InputException>().With.Message.EndsWith("no answer within 2 s"));
            string dead = ServerOf(Path.Combine(folder, "dead"), static client => client.Dispose());
            Assert.That(() => SideOf(dead, traces: true), Throws.TypeOf<InputException>().With.Message.Contains("no sidecar answers"));
            string other = ServerOf(Path.Combine(folder, "other"), static client =>
            {
                client.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8);
                Thread.Sleep(Timeout.Infinite);
            });
            Assert.That(() => SideOf(other, traces: true), Throws.TypeOf<InputException>().With.Message.Contains("no sidecar answers"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static VectorCase Example(string name) =>
        VectorCase.Of(VectorFiles.Read([Repository.PathOf("examples", "vectors", $"{name}.json")]).Single().Vector!).Single();

    private static SidecarSide SideOf(string address, bool traces, string? bundles = null)
    {
        CommandOptions options = new()
        {
            BundleDirectory = bundles,

            // A test waits for the end of this time.
            TimePerVector = TimeSpan.FromSeconds(address.EndsWith("late", StringComparison.Ordinal) ? 2 : 120),
        };
        return new SidecarSide($"grpc:{address}", address, traces, options);
    }

    // A server that does something with each connection.
    private static string ServerOf(string path, Action<Socket> serve)
    {
        Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        new Thread(() =>
        {
            while (true)
            {
                Socket client = server.Accept();
                new Thread(() => serve(client)) { IsBackground = true }.Start();
            }
        })
        { IsBackground = true }.Start();
        return path;
    }
}
