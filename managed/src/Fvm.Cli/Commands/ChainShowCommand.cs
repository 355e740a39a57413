using System.CommandLine;
using System.Globalization;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm chain show</c>: prints a tipset, a message or an actor of a chain.</summary>
internal static class ChainShowCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        DocumentedCommand command = new(
            "show",
            "Prints parts of a chain, with names.",
            "fvm chain show tipset 5400000 --snapshot snapshot.car",
            "fvm chain show actor f01234 --snapshot snapshot.car --epoch 5400000");
        command.Subcommands.Add(Tipset(output, errors));
        command.Subcommands.Add(Message(output, errors));
        command.Subcommands.Add(Actor(output, errors));
        return command;
    }

    private static DocumentedCommand Tipset(TextWriter output, TextWriter errors)
    {
        Argument<string> which = new("EPOCH") { Description = "The epoch, or the CIDs of the tipset's blocks with commas between them" };
        ChainShowOptions options = new();
        DocumentedCommand command = new(
            "tipset",
            "Prints the headers of a tipset and its messages, with names. If the state is there, the tipset is executed for the results.",
            "fvm chain show tipset 5400000 --snapshot snapshot.car");
        command.Arguments.Add(which);
        options.AddTo(command, withEngine: true);
        command.SetAction(parsed =>
        {
            using ChainWork work = ChainWork.Open(parsed, options.Chain, errors);
            Tipset tipset = TipsetOf(work, parsed.GetValue(which)!);
            ShownTipset shown = ExecutionThread.Run(() => options.Execute(parsed, work, tipset, ExecutionDetail.None, errors));
            if (parsed.GetValue(options.Json))
            {
                JsonOutput.WriteLine(output, json => new TipsetJson(shown).Write(json));
            }
            else
            {
                new TipsetText(shown, output).Write();
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static DocumentedCommand Message(TextWriter output, TextWriter errors)
    {
        Argument<string> which = new("CID") { Description = "The message: the CID of its block, or of the message without its signature" };
        ChainShowOptions options = new();
        Option<long?> at = EpochOption("The epoch of the tipset that has the message [default: searched from the head]");
        DocumentedCommand command = new(
            "message",
            "Prints a message of the chain, and its receipt, events and calls with their gas, by executing its tipset.",
            "fvm chain show message bafy2bzacea… --snapshot snapshot.car --epoch 5400000");
        command.Arguments.Add(which);
        command.Options.Add(at);
        options.AddTo(command, withEngine: true);
        command.SetAction(parsed =>
        {
            using ChainWork work = ChainWork.Open(parsed, options.Chain, errors);
            Cid cid = Cid.TryParse(parsed.GetValue(which)!, out Cid known)
                ? known
                : throw new UsageException($"'{parsed.GetValue(which)}' is not a CID");
            Tipset tipset = parsed.GetValue(at) is long epoch
                ? AtEpoch(work, epoch)
                : work.InFile(() => Search(work, cid)) ?? throw new UsageException($"no tipset below the head has the message {cid}");
            ShownTipset shown = ExecutionThread.Run(() => options.Execute(parsed, work, tipset, ExecutionDetail.Traces, errors));
            ShownMessage message = shown.Messages.FirstOrDefault(message => message.Source is ChainMessage source && IsOf(source, cid))
                ?? throw new UsageException($"the tipset of epoch {tipset.Epoch} does not execute the message {cid}");
            if (parsed.GetValue(options.Json))
            {
                JsonOutput.WriteLine(output, json => TipsetJson.WriteMessage(json, shown, message, withTrace: true));
            }
            else
            {
                new TipsetText(shown, output).Write(message);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static DocumentedCommand Actor(TextWriter output, TextWriter errors)
    {
        Argument<string> which = new("ADDRESS") { Description = "The actor, by an address of any kind: f0…, f1…, f2…, f3…, f4…, 0x…" };
        ChainShowOptions options = new();
        Option<long?> at = EpochOption("The state before the messages of this epoch [default: the head's epoch]");
        DocumentedCommand command = new(
            "actor",
            "Prints an actor with its state by the names of the fields, as the messages of an epoch find it.",
            "fvm chain show actor f01234 --snapshot snapshot.car --epoch 5400000",
            "fvm chain show actor 0xff00000000000000000000000000000000000064 --snapshot snapshot.car --json");
        command.Arguments.Add(which);
        command.Options.Add(at);
        options.AddTo(command, withEngine: false);
        command.SetAction(parsed =>
        {
            using ChainWork work = ChainWork.Open(parsed, options.Chain, errors);
            Address address = ExecOptions.ParseAddress("ADDRESS", parsed.GetValue(which)!);
            Tipset tipset = parsed.GetValue(at) is long epoch ? AtEpoch(work, epoch) : work.Head;
            Cid root = tipset.First.ParentState;
            byte[] block = work.Blocks.Get(root) ?? throw new UsageException($"the state {root} of epoch {tipset.Epoch} is not there");
            StateRoot state = StateRoot.TryDecode(root, block) ?? throw new UsageException($"{root} is not the root of a state");
            (ActorId id, ActorState actor) = ActorLookup.Find(work.Blocks, root, state.Version, address)
                ?? throw new UsageException($"the state of epoch {tipset.Epoch} has no actor {address}");
            string? name = ActorLookup.Names(work.Blocks, root).GetValueOrDefault(actor.Code);
            ShownActor shown = new(tipset.Epoch, root, id, actor, name, work.Blocks.Get(actor.State));
            if (parsed.GetValue(options.Json))
            {
                JsonOutput.WriteLine(output, shown.Write);
            }
            else
            {
                shown.Write(output);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static Option<long?> EpochOption(string description) => new("--epoch") { Description = description, HelpName = "EPOCH" };

    private static Tipset TipsetOf(ChainWork work, string which)
    {
        if (long.TryParse(which, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long epoch))
        {
            return AtEpoch(work, epoch);
        }

        Cid[] key = [.. which.Split(',').Select(item =>
            Cid.TryParse(item, out Cid cid) ? cid : throw new UsageException($"'{item}' is neither an epoch nor a CID"))];
        return work.InFile(() => work.Reader.Load(key));
    }

    // The tipset itself, not its neighbour if the round was null.
    internal static Tipset AtEpoch(ChainWork work, long epoch)
    {
        Tipset found = work.InFile(() => work.Reader.AtEpoch(work.Head, new ChainEpoch(epoch), before: true));
        return found.Epoch.Value == epoch
            ? found
            : throw new UsageException($"epoch {epoch} was a null round; the tipset before it is of epoch {found.Epoch}");
    }

    internal static Tipset? Search(ChainWork work, Cid cid)
    {
        Tipset tipset = work.Head;
        while (true)
        {
            // Of old tipsets, snapshots have the headers only.
            if (tipset.Blocks.All(block => work.Blocks.Has(block.Messages))
                && tipset.Blocks.SelectMany(work.Reader.MessagesOf).Any(message => IsOf(message, cid)))
            {
                return tipset;
            }

            if (tipset.Epoch.Value <= 0 || !work.Reader.HasTipset(tipset.Parents))
            {
                return null;
            }

            tipset = work.Reader.ParentOf(tipset);
        }
    }

    private static bool IsOf(ChainMessage message, Cid cid) => message.Cid == cid || message.UnsignedCid == cid;
}
