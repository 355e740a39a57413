using Fvm.Ipld;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Actors.Tests;

/// <summary>The table against the states of recorded vectors: the root block of each builtin actor's state has to fit.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RecordedStatesTests
{
    private const int MaxListed = 60;
    private const int FirstVersion = 8;
    private const int LastVersion = 19;

    private readonly SortedDictionary<string, int> _fits = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _misfits = new(StringComparer.Ordinal);

    [Test]
    public void States_fit()
    {
        string[] sets = [.. RecordedMessagesTests.Sets.SelectMany(static set => Directory
            .GetDirectories(Repository.Shared("vectors", "recorded"))
            .Select(folder => Path.Combine(folder, $"{set}.ndjson.gz"))
            .Where(File.Exists))];
        foreach (VectorOrError entry in VectorFiles.Read(sets))
        {
            Vector vector = entry.Vector!;
            CarBlockstore car = CarBlocks.Read(vector.Car, "car");
            foreach (VectorVariant variant in vector.Variants)
            {
                Read(car, Cid.Parse(vector.PreRoot), variant.NetworkVersion);
            }
        }

        TestContext.Out.WriteLine(string.Join('\n', _fits.Select(static pair => $"{pair.Key}: {pair.Value}")));
        Assert.That(_fits.Keys, Is.SupersetOf((string[])["init", "multisig", "paymentchannel", "storagemarket", "storageminer", "storagepower"]));
        Assert.That(_misfits.Select(static pair => $"{pair.Value} x {pair.Key}").Take(MaxListed), Is.Empty);
    }

    private void Read(CarBlockstore car, Cid root, uint networkVersion)
    {
        int version = NetworkRules.For(networkVersion).ActorsVersion;
        Dictionary<Cid, string> names = BundleNames.Of(version);
        StateRoot state = StateRoot.Decode(car.Get(root));
        Hamt.Survey(car, state.Actors, HamtOptions.State, entry =>
        {
            ActorState actor = ActorState.Decode(entry.Value.Span, state.Version);
            if (names.GetValueOrDefault(actor.Code) is string name && car.Get(actor.State) is byte[] block
                && BuiltinActors.Table.DecodeState(name, version, block) is DecodedValue decoded)
            {
                bool fits = decoded.Misfit is null || FitsAnotherVersion(name, block);
                Count(fits ? _fits : _misfits, fits ? name : $"{name} v{version}: {decoded.Misfit}");
            }
        });
    }

    // A recording may put code above a state that other versions of the actor wrote, without the migration between them.
    private static bool FitsAnotherVersion(string name, byte[] block) => Enumerable.Range(FirstVersion, LastVersion - FirstVersion + 1)
        .Any(version => BuiltinActors.Table.DecodeState(name, version, block) is { Misfit: null });

    private static void Count(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
