// What a CAR file holds.
using System.Globalization;
using Fvm.Cli.Output;
using Fvm.Ipld;
using Fvm.Ipld.Blockstore;
using Fvm.Ipld.Car;
using Fvm.Ipld.Cbor;
using Fvm.Vectors;

namespace Fvm.Cli.Inspection;

/// <summary>Prints what a CAR file holds: a state tree's actors, a bundle's manifest, or else the root's block.</summary>
/// <param name="car">The file.</param>
/// <param name="bundle">A bundle that names actors, where the file does not hold the manifest.</param>
internal sealed class CarInspection(CarStore car, CarStore? bundle, TextWriter output)
{
    private const int NameWidth = 17;
    private const int MaxStateShown = 160;

    /// <param name="only">An actor to show alone; null for all.</param>
    /// <exception cref="InputException">A block that is needed is missing or broken, or there is no such actor.</exception>
    public void Write(Address? only)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{car.Count} blocks, {car.BlockBytes:N0} bytes"));
        foreach (Cid root in car.Roots)
        {
            output.WriteLine($"root {root}");
            if (car.Get(root) is not byte[] block)
            {
                output.WriteLine("  its block is not in the file");
            }
            else if (StateVersion(block) is StateTreeVersion version)
            {
                WriteState(root, version, only);
            }
            else if (ManifestList(block) is Cid list)
            {
                WriteManifest(list);
            }
            else
            {
                output.WriteLine($"  {CborText.Of(root.Codec, block)}");
            }
        }
    }

    private static StateTreeVersion? StateVersion(byte[] block)
    {
        try
        {
            return StateRoot.Decode(block).Version;
        }
        catch (CborException)
        {
            return null;
        }
    }

    private static Cid? ManifestList(byte[] block)
    {
        try
        {
            return Manifest.DecodeRoot(block).List;
        }
        catch (CborException)
        {
            return null;
        }
    }

    private void WriteManifest(Cid list)
    {
        byte[] block = car.Get(list) ?? throw new InputException($"the manifest's list {list} is not in the file");
        try
        {
            output.WriteLine("  a bundle of actors:");
            foreach ((string name, Cid code) in Manifest.DecodeList(block))
            {
                string size = car.Get(code) is byte[] wasm
                    ? string.Create(CultureInfo.InvariantCulture, $"{wasm.Length,10:N0} bytes")
                    : "not in the file";
                output.WriteLine($"  {PrintableText.Of(name),-NameWidth} {size}  {code}");
            }
        }
        catch (CborException exception)
        {
            throw new InputException($"the manifest's list {list} does not decode: {exception.Message}", exception);
        }
    }

    private void WriteState(Cid root, StateTreeVersion version, Address? only)
    {
        try
        {
            LayeredBlockstore store = new(new MemoryBlockstore(), car, bundle ?? (IBlockstore)new MemoryBlockstore());
            StateTree tree = StateTree.Load(store, root, version);
            Dictionary<Cid, string> names = NamesOf(tree, store);
            output.WriteLine($"  a state tree of version {(int)version}:");
            if (only is Address address)
            {
                WriteOne(tree, address, names);
                return;
            }

            List<(ActorId Id, ActorState State)> actors = [];
            tree.ForEach((id, state) => actors.Add((id, state)));
            actors.Sort(static (left, right) => left.Id.Value.CompareTo(right.Id.Value));
            foreach ((ActorId id, ActorState state) in actors)
            {
                WriteActor(id, state, names);
            }
        }
        catch (Exception exception) when (exception is FatalException or CborException)
        {
            throw new InputException($"the state tree {root}: {exception.Message} (of part of a state, --actor shows one actor)", exception);
        }
    }

    private void WriteOne(StateTree tree, Address address, Dictionary<Cid, string> names)
    {
        if (tree.LookupId(address) is not ActorId id || tree.GetActor(id) is not ActorState state)
        {
            throw new InputException($"there is no actor {address} in this state");
        }

        output.WriteLine($"  f0{id}");
        Field("type", names.GetValueOrDefault(state.Code, "not a builtin actor"));
        Field("code", state.Code.ToString());
        Field("balance", $"{state.Balance.ToFil()} FIL");
        Field("nonce", state.Sequence.ToString(CultureInfo.InvariantCulture));
        Field("delegated", state.DelegatedAddress?.ToString() ?? "none");
        Field("state", state.State.ToString());
        output.WriteLine($"    {StateText(state)}");
    }

    private void WriteActor(ActorId id, ActorState state, Dictionary<Cid, string> names)
    {
        string name = names.GetValueOrDefault(state.Code, "-");
        string text = StateText(state);
        string shown = text.Length <= MaxStateShown ? text : $"{text.AsSpan(0, MaxStateShown)}…";
        string delegated = state.DelegatedAddress is Address address ? $" {address}" : string.Empty;
        output.WriteLine($"  {$"f0{id}",-10} {name,-NameWidth} {state.Balance.ToFil()} FIL, nonce {state.Sequence}{delegated}");
        output.WriteLine($"  {string.Empty,-10} {shown}");
    }

    private string StateText(ActorState state) =>
        car.Get(state.State) is byte[] block ? CborText.Of(state.State.Codec, block) : "its state is not in the file";

    private void Field(string name, string value) => output.WriteLine($"    {name,-10} {value}");

    // Without a manifest actors have no names, which is no reason to show nothing.
    private Dictionary<Cid, string> NamesOf(StateTree tree, IBlockstore store)
    {
        Dictionary<Cid, string> names = [];
        Cid? list = tree.GetActor(ActorId.System) is ActorState system && store.Get(system.State) is byte[] state
            ? SystemActorState.Decode(state).BuiltinActors
            : null;
        if (list is Cid cid && store.Get(cid) is byte[] block)
        {
            foreach ((string name, Cid code) in Manifest.DecodeList(block))
            {
                names[code] = PrintableText.Of(name);
            }
        }

        return names;
    }
}
