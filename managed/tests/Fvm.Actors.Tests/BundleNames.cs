using System.Globalization;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Actors.Tests;

/// <summary>The builtin actors' names by code, from the bundles of the reference material.</summary>
internal static class BundleNames
{
    private static readonly Dictionary<int, Dictionary<Cid, string>> Known = [];

    /// <summary>The names of a version; ignores the test if there is no bundle.</summary>
    public static Dictionary<Cid, string> Of(int version)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(version, out Dictionary<Cid, string>? names))
            {
                string file = $"builtin-actors-v{version.ToString(CultureInfo.InvariantCulture)}-mainnet.car.gz";
                using CarStore bundle = CarBlocks.Open(Repository.Shared("bundles", file));
                Cid list = Manifest.DecodeRoot(bundle.Get(bundle.Roots[0])).List;
                names = Manifest.DecodeList(bundle.Get(list)).ToDictionary(static actor => actor.Code, static actor => actor.Name);
                Known.Add(version, names);
            }

            return names;
        }
    }
}
