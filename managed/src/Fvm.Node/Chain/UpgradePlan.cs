using System.Globalization;
using Fvm.Chain;

namespace Fvm.Node;

/// <summary>
/// The upgrades of a local chain. A state is migrated by giving each builtin actor its new code: right for upgrades that leave the form and content
/// of states as they are (go-state-types: <c>builtin/vN/migration</c>); others are refused.
/// </summary>
internal static class UpgradePlan
{
    /// <summary>The network versions that can be upgraded to.</summary>
    public static IReadOnlyList<uint> Possible { get; } =
    [
        // Rules alone.
        20, 26,

        // New code for all actors.
        23, 27, 28, 29,
    ];

    /// <summary>Reads <c>EPOCH:VERSION,…</c>: after each epoch, the network version of the later ones.</summary>
    /// <exception cref="FormatException">The text is not of that form, or an upgrade is not possible.</exception>
    public static UpgradeSchedule Parse(uint first, string text)
    {
        UpgradeSchedule schedule = UpgradeSchedule.Parse(string.Create(CultureInfo.InvariantCulture, $"-1:{first},{text}"));
        foreach ((Upgrade before, Upgrade upgrade) in schedule.All.Zip(schedule.All.Skip(1)))
        {
            if (upgrade.Version != before.Version + 1 || !Possible.Contains(upgrade.Version))
            {
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the upgrade from network version {before.Version} to {upgrade.Version} needs a migration of states that is not there; "
                    + $"from the version before it, these can be upgraded to: {string.Join(", ", Possible.Order())}"));
            }
        }

        return schedule;
    }
}
