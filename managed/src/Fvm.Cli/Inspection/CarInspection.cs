using System.Globalization;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Prints the content of a CAR file: a state tree's actors, a bundle's manifest, or else the root block.</summary>
/// <param name="car">The CAR file.</param>
/// <param name="bundle">A bundle for the actors' names, if the file does not contain the manifest.</param>
internal sealed class CarInspection(CarStore car, CarStore? bundle, TextWriter output)
{
    private const int NameWidth = 17;
    private const int MaxStateShown = 160;
    private const int MaxFaultsShown = 20;

    /// <param name="only">The one actor to show; null for all.</param>
    /// <returns>Whether all blocks present are well-formed. Missing blocks are reported but are not errors.</returns>
    /// <exception cref="InputException">The actor does not exist, or a block on the path to it is missing or malformed.</exception>
    public bool Write(Address? only)
    {
        bool sound = true;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{car.Count} blocks, {car.BlockBytes:N0} bytes"));
        foreach (Cid root in car.Roots)
        {
            output.WriteLine($"root {root}");
            if (car.Get(root) is not byte[] block)
            {
                output.WriteLine("  its block is not in the file");
            }
            else if (StateRoot.TryDecode(in root, block) is StateRoot state)
            {
                sound &= WriteState(root, state, only);
            }
            else if (Manifest.TryDecodeRoot(in root, block) is Cid list)
            {
                sound &= WriteManifest(list);
            }
            else
            {
                output.WriteLine($"  {CborText.Of(root.Codec, block)}");
            }
        }

        return sound;
    }

    private bool WriteManifest(Cid list)
    {
        output.WriteLine("  a bundle of actors:");
        if (car.Get(list) is not byte[] block)
        {
            output.WriteLine($"  its list {list} is not in the file");
            return true;
        }

        try
        {
            foreach ((string name, Cid code) in Manifest.DecodeList(block))
            {
                string size = car.Get(code) is byte[] wasm
                    ? string.Create(CultureInfo.InvariantCulture, $"{wasm.Length,10:N0} bytes")
                    : "not in the file";
                output.WriteLine($"  {PrintableText.Of(name),-NameWidth} {size}  {code}");
            }

            return true;
        }
        catch (CborException exception)
        {
            output.WriteLine($"  its list {list} is malformed: {PrintableText.Of(exception.Message)}");
            return false;
        }
    }

    private bool WriteState(Cid root, StateRoot decoded, Address? only)
    {
        LayeredBlockstore store = new(new MemoryBlockstore(), car, bundle ?? (IBlockstore)new MemoryBlockstore());
        StateSurvey survey = StateSurvey.Of(decoded, store);
        output.WriteLine($"  a state tree of version {(int)decoded.Version}:");
        if (only is Address address)
        {
            WriteOne(address, ActorLookup.Find(store, root, decoded.Version, address), survey);
            return true;
        }

        foreach ((ActorId id, ActorState state) in survey.Actors)
        {
            WriteActor(id, state, survey);
        }

        WriteFaults(survey);
        return !survey.IsMalformed;
    }

    private void WriteFaults(StateSurvey survey)
    {
        if (survey.NamesProblem is string problem)
        {
            output.WriteLine($"  builtin actors have no names: {PrintableText.Of(problem)}");
        }

        WriteList(
            survey.Tree.Missing.Select(static node => node.ToString()),
            $"{survey.Tree.Missing.Count} of {survey.KnownNodes} nodes are missing, with all actors below them:");
        WriteList(survey.Tree.Malformed.Select(static node => $"{node.Node}: {node.Reason}"), $"{survey.Tree.Malformed.Count} faults in nodes:");
        WriteList(
            survey.MalformedActors.Select(static actor => $"{actor.Actor}: {actor.Reason}"), $"{survey.MalformedActors.Count} actors are malformed:");
        int states = survey.Actors.Count(actor => !car.Has(actor.State.State));
        if (states > 0)
        {
            output.WriteLine($"  the states of {states} of {survey.Actors.Count} actors are not in the file");
        }
    }

    private void WriteList(IEnumerable<string> lines, string title)
    {
        int count = 0;
        foreach (string line in lines)
        {
            if (count == 0)
            {
                output.WriteLine($"  {title}");
            }

            if (count++ < MaxFaultsShown)
            {
                output.WriteLine($"    {PrintableText.Of(line)}");
            }
        }

        if (count > MaxFaultsShown)
        {
            output.WriteLine($"    and {count - MaxFaultsShown} more, which --json lists");
        }
    }

    private void WriteOne(Address address, (ActorId Id, ActorState State)? found, StateSurvey survey)
    {
        if (found is not (ActorId id, ActorState state))
        {
            throw new InputException($"the state has no actor {address}");
        }

        output.WriteLine($"  f0{id}");
        Field("type", PrintableText.Of(survey.NameOf(state) ?? "not a builtin actor"));
        Field("code", state.Code.ToString());
        Field("balance", $"{state.Balance.ToFil()} FIL");
        Field("nonce", state.Sequence.ToString(CultureInfo.InvariantCulture));
        Field("delegated", state.DelegatedAddress?.ToString() ?? "none");
        Field("state", state.State.ToString());
        foreach (string line in NamedStates.Lines(survey.NameOf(state), car.Get(state.State), state.State.Codec))
        {
            output.WriteLine($"    {line}");
        }
    }

    private void WriteActor(ActorId id, ActorState state, StateSurvey survey)
    {
        string name = PrintableText.Of(survey.NameOf(state) ?? "-");
        string text = StateText(state, survey);
        string shown = text.Length <= MaxStateShown ? text : $"{text.AsSpan(0, MaxStateShown)}…";
        string delegated = state.DelegatedAddress is Address address ? $" {address}" : string.Empty;
        output.WriteLine($"  {$"f0{id}",-10} {name,-NameWidth} {state.Balance.ToFil()} FIL, nonce {state.Sequence}{delegated}");
        output.WriteLine($"  {string.Empty,-10} {shown}");
    }

    private string StateText(ActorState state, StateSurvey survey) => car.Get(state.State) is not byte[] block ? NamedStates.Missing
        : NamedStates.Decode(survey.NameOf(state), block)?.ToLine() ?? CborText.Of(state.State.Codec, block);

    private void Field(string name, string value) => output.WriteLine($"    {name,-10} {value}");
}
