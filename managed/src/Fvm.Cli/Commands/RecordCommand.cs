using System.CommandLine;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm record</c>: runs messages on a state and writes them, with their results, as a vector.</summary>
internal static class RecordCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> spec = new("SPEC.json") { Description = "The messages, and their network version and epoch" };
        Option<string> car = new("--car") { Description = "The state, as a CAR file", HelpName = "FILE.car", Required = true };
        Option<string> vector = new("--out") { Description = "The vector to write", HelpName = "VECTOR.json", Required = true };
        Option<bool> json = JsonOutput.Option();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "record",
            "Runs messages on a state and writes them with their results as a vector.",
            "fvm record examples/messages/counter.json --car artifacts/examples/genesis.car --out counter.json");
        command.Arguments.Add(spec);
        foreach (Option option in (Option[])[car, vector, json, engine, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(spec)!;
            ReplaySettings settings = new()
            {
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                CodeCache = CacheOptions.Open(parsed, noCache, errors),
                KeepTraces = true,
                ForceTracing = true,
            };
            VectorResult result = Record(path, parsed.GetValue(car)!, parsed.GetValue(vector)!, settings);
            if (parsed.GetValue(json))
            {
                JsonOutput.WriteLine(output, fields =>
                {
                    fields.WriteString("out", parsed.GetValue(vector)!);
                    fields.WriteNumber("messages", result.Outcomes.Count);
                    fields.WriteText("state_root", result.StateRoot);
                });
                return ExitStatus.Done;
            }

            output.WriteLine($"{PrintableText.Of(parsed.GetValue(vector)!)}: {result.Outcomes.Count} messages, state root {result.StateRoot}");
            return ExitStatus.Done;
        });
        return command;
    }

    private static VectorResult Record(string specPath, string carPath, string outPath, ReplaySettings settings)
    {
        Vector vector;
        using CarStore state = CarBlocks.Open(carPath);
        byte[] car = PortableCar.Of(carPath, state);
        try
        {
            vector = RecordingSpec.Read(InputFile.ReadAllBytes(specPath), car, state);
        }
        catch (InputException exception)
        {
            throw new InputException($"{specPath}: {exception.Message}", exception);
        }

        using VectorReplayer replayer = new(settings);
        VectorResult result = ExecutionThread.Run(() => replayer.Replay(vector, vector.Variants[0]));
        if (result.Reason is not null || result.StateRoot is null)
        {
            throw new InputException($"{specPath}: {result.Reason ?? string.Join("; ", result.Differences)}");
        }

        AtomicFile.Write(outPath, file => VectorWriter.Write(file, vector, result));
        return result;
    }
}
