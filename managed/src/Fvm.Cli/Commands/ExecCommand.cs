using System.CommandLine;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm exec</c>: applies one message, given by flags, to a state and shows the result.</summary>
internal static class ExecCommand
{
    private const ulong SecondsPerEpoch = 30;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        ExecOptions options = new();
        DocumentedCommand command = new(
            "exec",
            "Applies one message to a state: prints receipt, events, logs and calls with their gas, and writes the new state.",
            "fvm exec --car artifacts/examples/genesis.car --from f0100 --to f01000 --method 2",
            "fvm exec --car state.car --from f0100 --to f0101 --value 1.5 --out next.car",
            "fvm exec --car state.car --from 0x… --to 0x… --method 3844450837 --params 44c0406226 --trace-form parity");
        foreach (Option option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => ExecutionThread.Run(() => Run(parsed, options, output, errors)));
        return command;
    }

    private static int Run(ParseResult parsed, ExecOptions options, TextWriter output, TextWriter errors)
    {
        TraceForm? form = TraceForm.Parse(parsed.GetValue(options.TraceForm), parsed.GetValue(options.TracerConfig));
        string carPath = parsed.GetValue(options.Car)!;
        using CarStore car = CarBlocks.Open(carPath);
        MemoryBlockstore written = new();
        LayeredBlockstore store = new(written, car, OpenBundle(parsed.GetValue(options.Bundle)));
        using EnginePool pool = new(new EnginePoolOptions
        {
            Engine = parsed.GetValue(options.Engine)!,
            Maker = EngineChoice.MakerOf(parsed.GetValue(options.Engine)!),
            Cache = CacheOptions.Open(parsed, options.NoCache, errors),
        });
        Machine machine = Open(parsed, options, pool, store, car.Roots[0], carPath);
        Message message = MessageOf(parsed, options, machine, carPath);
        ApplyKind kind = parsed.GetValue(options.Implicit) ? ApplyKind.Implicit : ApplyKind.Explicit;
        Executor executor = new(machine);
        ApplyRet ret;
        Cid root;
        try
        {
            ret = executor.Execute(message, kind, RawLengths.Of(message, message.Encode().Length));
            root = executor.Flush();
        }
        catch (FatalException exception)
        {
            throw new InputException($"{carPath}: the message cannot be applied: {exception.Message}", exception);
        }

        string? outPath = parsed.GetValue(options.Out);
        if (form is not null)
        {
            WriteFile(outPath, root, car, written);
            output.WriteLine(LineOf(form, new ReplayedMessage(carPath, 0, message, ret, machine, car.Roots[0], root)));
        }
        else if (parsed.GetValue(options.Json))
        {
            WriteFile(outPath, root, car, written);
            JsonOutput.WriteLine(output, json =>
            {
                ReceiptJson.Write(json, ret, ActorNames.Of(machine));
                json.WriteCid("state_root", root);
                json.WriteText("out", outPath);
            });
        }
        else
        {
            ReceiptText.Write(output, ret, ActorNames.Of(machine));
            WriteState(output, outPath, root, car, written);
        }

        return ret.Receipt.ExitCode.IsSuccess ? ExitStatus.Done : ExitStatus.Difference;
    }

    private static string LineOf(TraceForm form, ReplayedMessage message)
    {
        try
        {
            return form.LineOf(message);
        }
        catch (FatalException exception)
        {
            throw new InputException($"{message.Vector}: the trace needs what the state does not have: {exception.Message}", exception);
        }
    }

    private static IBlockstore OpenBundle(string? path) =>
        path is null ? new MemoryBlockstore() : CarBlocks.Open(path);

    private static Machine Open(
        ParseResult parsed, ExecOptions options, EnginePool pool, IBlockstore store, Cid root, string carPath)
    {
        long epoch = parsed.GetValue(options.Epoch);
        MachineContext context = new()
        {
            Network = new NetworkConfig
            {
                NetworkVersion = (NetworkVersion)parsed.GetValue(options.NetworkVersion),
                ChainId = VectorParser.MainnetChainId,
                ActorDebugging = parsed.GetValue(options.Debug),
            },
            Epoch = new ChainEpoch(epoch),
            Timestamp = unchecked((ulong)epoch * SecondsPerEpoch),
            BaseFee = ExecOptions.ParseAmount("--base-fee", parsed.GetValue(options.BaseFee)!),
            CirculatingSupply = TokenAmount.ParseAtto(VectorParser.DefaultCirculatingSupply),
            InitialStateRoot = root,
            Tracing = true,
        };
        try
        {
            return new Machine(pool, context, store, new OfflineExterns(), new ConstantProofs());
        }
        catch (FatalException exception)
        {
            throw new InputException($"{carPath}: {exception.Message}", exception);
        }
    }

    private static Message MessageOf(ParseResult parsed, ExecOptions options, Machine machine, string carPath)
    {
        Address from = ExecOptions.ParseAddress("--from", parsed.GetValue(options.From)!);
        ulong nonce = parsed.GetValue(options.Nonce) ?? NextNonce(machine, from, carPath);
        return new Message
        {
            From = from,
            To = ExecOptions.ParseAddress("--to", parsed.GetValue(options.To)!),
            Sequence = nonce,
            Method = new MethodNumber(parsed.GetValue(options.Method)),
            Params = ExecOptions.ParseParams(parsed.GetValue(options.Params)),
            Value = ExecOptions.ParseAmount("--value", parsed.GetValue(options.Value)!),
            GasLimit = parsed.GetValue(options.GasLimit),
            GasFeeCap = ExecOptions.ParseAmount("--gas-fee-cap", parsed.GetValue(options.FeeCap)!),
            GasPremium = ExecOptions.ParseAmount("--gas-premium", parsed.GetValue(options.Premium)!),
        };
    }

    private static ulong NextNonce(Machine machine, in Address from, string carPath)
    {
        try
        {
            return (machine.StateTree.LookupId(from) is ActorId sender ? machine.StateTree.GetActor(sender)?.Sequence : null) ?? 0;
        }
        catch (FatalException exception)
        {
            throw new InputException($"{carPath}: the sender {from} cannot be looked up: {exception.Message}", exception);
        }
    }

    private static void WriteState(TextWriter output, string? path, Cid root, CarStore car, MemoryBlockstore written)
    {
        output.WriteLine("State");
        output.WriteLine($"  root            {root}");
        if (path is null)
        {
            output.WriteLine("  not written (use --out FILE.car)");
            return;
        }

        WriteFile(path, root, car, written);
        output.WriteLine($"  written to      {PrintableText.Of(path)}");
    }

    private static void WriteFile(string? path, Cid root, CarStore car, MemoryBlockstore written)
    {
        if (path is not null)
        {
            AtomicFile.Write(path, file => CarFiles.Write(file, root, car, written));
        }
    }
}
