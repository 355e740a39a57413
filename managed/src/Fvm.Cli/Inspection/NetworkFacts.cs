using System.Globalization;

namespace Fvm.Cli;

/// <summary>The rules of a network version as named lines of text, for comparing two versions.</summary>
internal static class NetworkFacts
{
    /// <summary>Name and value of each rule; without prices and syscalls.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(NetworkRules rules)
    {
        MachineRules machine = rules.Machine;
        EventRules events = rules.Events;
        PriceRules prices = rules.Prices.Rules;
        return
        [
            (nameof(rules.Syscalls), rules.Syscalls.ToString()),
            (nameof(rules.StateTree), rules.StateTree.ToString()),
            (nameof(rules.Prices), rules.Prices.Name),
            (nameof(rules.ActorsVersion), Text(rules.ActorsVersion)),
            (nameof(rules.DelegatedAddresses), Text(rules.DelegatedAddresses)),
            (nameof(rules.TracksLinks), Text(rules.TracksLinks)),
            (nameof(rules.ChargesMemory), Text(rules.ChargesMemory)),
            ("Prices." + nameof(prices.ChargesCallsWhole), Text(prices.ChargesCallsWhole)),
            ("Prices." + nameof(prices.ChargesAccess), Text(prices.ChargesAccess)),
            ("Prices." + nameof(prices.ChargesSealsOfBatches), Text(prices.ChargesSealsOfBatches)),
            ("Prices." + nameof(prices.ChargesLinks), Text(prices.ChargesLinks)),
            ("Prices." + nameof(prices.ExternsAreComputation), Text(prices.ExternsAreComputation)),
            ("Prices." + nameof(prices.AddsUpBlockMemory), Text(prices.AddsUpBlockMemory)),
            ("Prices." + nameof(prices.OpensBlocksPerByte), Text(prices.OpensBlocksPerByte)),
            ("Prices." + nameof(prices.TipsetCidsCostByDistance), Text(prices.TipsetCidsCostByDistance)),
            ("Events." + nameof(events.Supported), Text(events.Supported)),
            ("Events." + nameof(events.MaxEntries), Text(events.MaxEntries)),
            ("Events." + nameof(events.MaxKeyLength), Text(events.MaxKeyLength)),
            ("Events." + nameof(events.MaxValuesLength), Text(events.MaxValuesLength)),
            ("Events." + nameof(events.MaxEncodedLength), Text(events.MaxEncodedLength)),
            ("Events." + nameof(events.LimitError), events.LimitError.ToString()),
            (nameof(machine.MaxCallDepth), Text(machine.MaxCallDepth)),
            (nameof(machine.MaxBlockLength), Text(machine.MaxBlockLength)),
            (nameof(machine.OnlyDagCbor), Text(machine.OnlyDagCbor)),
            (nameof(machine.RunsOnlyBuiltinActors), Text(machine.RunsOnlyBuiltinActors)),
            (nameof(machine.MissingEntryIsFatal), Text(machine.MissingEntryIsFatal)),
            (nameof(machine.FailedInstantiationIsFatal), Text(machine.FailedInstantiationIsFatal)),
            (nameof(machine.RefusedResultsRepeatExecutionGas), Text(machine.RefusedResultsRepeatExecutionGas)),
            (nameof(machine.KeepsGasLimitOfTooDeepCalls), Text(machine.KeepsGasLimitOfTooDeepCalls)),
            (nameof(machine.ChargesRefusedAccounts), Text(machine.ChargesRefusedAccounts)),
            (nameof(machine.ChargesUnknownHashes), Text(machine.ChargesUnknownHashes)),
            (nameof(machine.MetersEachLocalAndTarget), Text(machine.MetersEachLocalAndTarget)),
            (nameof(machine.SealKinds), Text(machine.SealKinds)),
            (nameof(machine.TakesFirstWindowPosts), Text(machine.TakesFirstWindowPosts)),
            (nameof(machine.TakesSecondWindowPosts), Text(machine.TakesSecondWindowPosts)),
            (nameof(machine.MistakesCalibnetPosts), Text(machine.MistakesCalibnetPosts)),
            (nameof(machine.TipsetLookbackEnd), machine.TipsetLookbackEnd == long.MaxValue ? "none" : Text(machine.TipsetLookbackEnd)),
            (nameof(machine.TracesInvokedActors), Text(machine.TracesInvokedActors)),
            (nameof(machine.TracesImplicitConstructors), Text(machine.TracesImplicitConstructors)),
            (nameof(machine.TracesBlocksAndLogs), Text(machine.TracesBlocksAndLogs)),
            (nameof(machine.TracesGasLimitOfMessage), Text(machine.TracesGasLimitOfMessage)),
            (nameof(machine.TracesOutOfGasAsError), Text(machine.TracesOutOfGasAsError)),
        ];
    }

    /// <summary>A price, in gas.</summary>
    public static string Gas(long milli) => (milli / 1000m).ToString("#,0.###", CultureInfo.InvariantCulture);

    internal static string Text(bool value) => value ? "yes" : "no";

    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
