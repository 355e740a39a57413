using System.Globalization;

namespace Fvm.Chain;

/// <summary>The network versions by epoch.</summary>
public sealed class UpgradeSchedule
{
    // Versions whose upgrade changes rules only, not the state (Lotus: chain/consensus/filcns/upgrades.go).
    private static readonly uint[] WithoutMigration = [2, 5, 6, 8, 9, 11, 20, 26];

    private readonly Upgrade[] _upgrades;

    /// <param name="upgrades">At least one, by ascending epoch; epochs up to that of the first have its version, too.</param>
    public UpgradeSchedule(params Upgrade[] upgrades) => _upgrades = upgrades;

    /// <summary>The upgrades, by ascending epoch.</summary>
    public IReadOnlyList<Upgrade> All => _upgrades;

    /// <summary>The version of an epoch.</summary>
    public uint VersionAt(ChainEpoch epoch)
    {
        uint version = _upgrades[0].Version;
        foreach (Upgrade upgrade in _upgrades)
        {
            if (upgrade.After < epoch.Value)
            {
                version = upgrade.Version;
            }
        }

        return version;
    }

    /// <summary>The first upgrade with a migration between a tipset and its parent; null if there is none.</summary>
    /// <param name="parent">The parent's epoch.</param>
    /// <param name="epoch">The tipset's epoch.</param>
    public Upgrade? MigrationBetween(ChainEpoch parent, ChainEpoch epoch)
    {
        foreach (Upgrade upgrade in _upgrades)
        {
            if (upgrade.Migrates && upgrade.After >= parent.Value && upgrade.After < epoch.Value)
            {
                return upgrade;
            }
        }

        return null;
    }

    /// <summary>
    /// Reads <c>EPOCH:VERSION,…</c>: after each epoch, the network version of the later ones. A version that is repeated is a migration of the state
    /// within that version.
    /// </summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static UpgradeSchedule Parse(string text)
    {
        List<Upgrade> upgrades = [];
        foreach (string item in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = item.Split(':');
            if (parts.Length != 2
                || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long epoch)
                || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint version))
            {
                throw new FormatException($"'{item}' is not EPOCH:VERSION, such as 100:25");
            }

            if (upgrades.Count > 0 && (epoch <= upgrades[^1].After || version < upgrades[^1].Version))
            {
                throw new FormatException(
                    $"'{item}' comes after {upgrades[^1].After}:{upgrades[^1].Version}: epochs must ascend, versions must not descend");
            }

            // A network begins with its first version; there is nothing to migrate.
            bool migrates = upgrades.Count > 0 && (version == upgrades[^1].Version || !WithoutMigration.Contains(version));
            upgrades.Add(new Upgrade(epoch, version, migrates));
        }

        return upgrades.Count > 0 ? new UpgradeSchedule([.. upgrades]) : throw new FormatException("no EPOCH:VERSION");
    }
}
