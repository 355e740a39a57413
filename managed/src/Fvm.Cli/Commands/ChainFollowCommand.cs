using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Fvm.Chain;

namespace Fvm.Cli;

/// <summary><c>fvm chain follow</c>: checks each new tipset of a node.</summary>
internal static class ChainFollowCommand
{
    private const int DefaultConfidence = 5;
    private const int MaxConfidence = 100_000;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        ChainOptions chain = new();
        Option<int> confidence = new("--confidence")
        {
            Description = "The number of epochs of the chain above a tipset's child before it is checked",
            HelpName = "EPOCHS",
            DefaultValueFactory = static _ => DefaultConfidence,
        };
        confidence.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int number)
                && number is < 0 or > MaxConfidence)
            {
                result.AddError($"--confidence must be between 0 and {MaxConfidence}");
            }
        });
        Option<long?> from = new("--from") { Description = "The first epoch [default: the newest that is old enough]", HelpName = "EPOCH" };
        Option<long?> to = new("--to") { Description = "The last epoch; then the command ends [default: none]", HelpName = "EPOCH" };
        Option<int> poll = ReplayOptions.PositiveNumber("--poll", "Seconds between two questions for the head", 10, most: 3600);
        Option<string?> metrics = new("--metrics")
        {
            Description = "Serve metrics for Prometheus at http://ADDRESS:PORT/metrics",
            HelpName = "ADDRESS:PORT",
        };
        Option<string?> command = new("--on-difference")
        {
            Description = "A shell command for each tipset that differs, with FVM_EPOCH, FVM_TIPSET, FVM_NODE and FVM_DIFFERENCES in its environment",
            HelpName = "COMMAND",
        };
        Option<int> workers = ChainReplayCommand.Workers();
        Option<bool> json = JsonOutput.Option("one JSON object per tipset");
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand follow = new(
            "follow",
            "Checks each new tipset of a node as 'fvm chain replay' does, until SIGINT or SIGTERM. Exit code 1 if one differed.",
            "fvm chain follow --rpc http://127.0.0.1:1234 --metrics 127.0.0.1:9464",
            "fvm chain follow --rpc https://api.node.glif.io --confidence 10 --on-difference 'mail -s \"$FVM_EPOCH differs\" me@example.org'");
        foreach (Option option in (Option[])[.. chain.All, confidence, from, to, poll, metrics, command, workers, json, engine, noCache])
        {
            follow.Options.Add(option);
        }

        follow.SetAction(parsed =>
        {
            if (!chain.HasNode(parsed))
            {
                throw new UsageException("name the node by --rpc URL");
            }

            using ChainWork work = ChainWork.Open(parsed, chain, errors);
            using EnginePool pool = new(new EnginePoolOptions
            {
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                Cache = CacheOptions.Open(parsed, noCache, errors),
            });
            using FollowMetrics numbers = new(work.Rpc!);
            numbers.Serve(parsed.GetValue(metrics));
            ChainFollowRun run = new(work, new ChainReplayer(work.ExecutorOn(pool)), numbers, output, errors)
            {
                Follower = new ChainFollower(work.Reader, parsed.GetValue(confidence)),
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                Poll = TimeSpan.FromSeconds(parsed.GetValue(poll)),
                OnDifference = parsed.GetValue(command),
                Workers = parsed.GetValue(workers),
                IsJson = parsed.GetValue(json),
            };
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, run.Stop);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, run.Stop);
            return run.Run();
        });
        return follow;
    }
}
