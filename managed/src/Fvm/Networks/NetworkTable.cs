namespace Fvm;

/// <summary>
/// The network versions, one row each. A version's changes are the differences from the row above it; the prices are in
/// <see cref="PriceTable"/>.
/// </summary>
internal static class NetworkTable
{
    private const uint MaxStackHeight = 2048;

    private static readonly EventRules NoEvents = new()
    {
        Supported = false,
        MaxEntries = 0,
        MaxKeyLength = 0,
        MaxValuesLength = 0,
        MaxEncodedLength = 0,
        LimitError = ErrorNumber.Forbidden,
    };

    // fvm 3: kernel/default.rs, emit_event.
    private static readonly EventRules EncodedEvents = new()
    {
        Supported = true,
        MaxEntries = 256,
        MaxKeyLength = 32,
        MaxValuesLength = 8 << 10,
        MaxEncodedLength = 1 << 20,
        LimitError = ErrorNumber.IllegalArgument,
    };

    // fvm 4: kernel/default.rs, emit_event (FIP-0072).
    private static readonly EventRules SplitEvents = new()
    {
        Supported = true,
        MaxEntries = 255,
        MaxKeyLength = 31,
        MaxValuesLength = 8 << 10,
        MaxEncodedLength = 0,
        LimitError = ErrorNumber.LimitExceeded,
    };

    // Sources: fvm 2.12, call_manager/default.rs (depth, charges, traces), kernel/default.rs, kernel/blocks.rs, machine/engine.rs,
    // syscalls/{mod,bind}.rs.
    private static readonly MachineRules Fvm2 = new()
    {
        MaxCallDepth = 1025,
        MaxBlockLength = int.MaxValue,
        OnlyDagCbor = true,
        RunsOnlyBuiltinActors = true,
        MissingEntryIsFatal = true,
        FailedInstantiationIsFatal = true,
        RefusedResultsRepeatExecutionGas = false,
        KeepsGasLimitOfTooDeepCalls = false,
        ChargesRefusedAccounts = true,
        ChargesUnknownHashes = true,
        MetersEachLocalAndTarget = true,
        SealKinds = 10,
        TakesFirstWindowPosts = true,
        TakesSecondWindowPosts = false,
        MistakesCalibnetPosts = false,
        TipsetLookbackEnd = 0,
        TracesInvokedActors = false,
        TracesImplicitConstructors = false,
        TracesBlocksAndLogs = false,
        TracesGasLimitOfMessage = true,
        TracesOutOfGasAsError = true,
    };

    private static readonly MachineRules Fvm3 = new()
    {
        MaxCallDepth = 1024,
        MaxBlockLength = 1 << 20,
        OnlyDagCbor = false,
        RunsOnlyBuiltinActors = false,
        MissingEntryIsFatal = true,
        FailedInstantiationIsFatal = false,
        RefusedResultsRepeatExecutionGas = true,
        KeepsGasLimitOfTooDeepCalls = true,
        ChargesRefusedAccounts = false,
        ChargesUnknownHashes = false,
        MetersEachLocalAndTarget = false,
        SealKinds = 15,
        TakesFirstWindowPosts = true,
        TakesSecondWindowPosts = true,
        MistakesCalibnetPosts = true,
        TipsetLookbackEnd = 900,
        TracesInvokedActors = true,
        TracesImplicitConstructors = true,
        TracesBlocksAndLogs = false,
        TracesGasLimitOfMessage = false,
        TracesOutOfGasAsError = false,
    };

    private static readonly MachineRules Fvm4 = Fvm3 with
    {
        MissingEntryIsFatal = false,
        KeepsGasLimitOfTooDeepCalls = false,
        SealKinds = 20,
        TakesFirstWindowPosts = false,
        MistakesCalibnetPosts = false,
        TipsetLookbackEnd = long.MaxValue,
        TracesImplicitConstructors = false,
        TracesBlocksAndLogs = true,
    };

    private static readonly NetworkRules[] Rows =
    [
        //                       syscalls         state tree           prices                 actors events      f4     links  memory machine
        Row(NetworkVersion.Nv16, SyscallAbi.Fvm2, StateTreeVersion.V4, PriceTable.Skyr,       8,  NoEvents,      false, false, false, Fvm2),
        Row(NetworkVersion.Nv17, SyscallAbi.Fvm2, StateTreeVersion.V4, PriceTable.Skyr,       9,  NoEvents,      false, false, false, Fvm2),
        Row(NetworkVersion.Nv18, SyscallAbi.Fvm3, StateTreeVersion.V5, PriceTable.Hygge,      10, EncodedEvents, true,  false, true,  Fvm3),
        Row(NetworkVersion.Nv19, SyscallAbi.Fvm3, StateTreeVersion.V5, PriceTable.Hygge,      11, EncodedEvents, true,  false, true,  Fvm3),
        Row(NetworkVersion.Nv20, SyscallAbi.Fvm3, StateTreeVersion.V5, PriceTable.Hygge,      11, EncodedEvents, true,  false, true,  Fvm3),
        Row(NetworkVersion.Nv21, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Watermelon, 12, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv22, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Watermelon, 13, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv23, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Watermelon, 14, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv24, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Watermelon, 15, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv25, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Teep,       16, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv26, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Teep,       16, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv27, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Teep,       17, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv28, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Teep,       18, SplitEvents,   true,  true,  true,  Fvm4),
        Row(NetworkVersion.Nv29, SyscallAbi.Fvm4, StateTreeVersion.V5, PriceTable.Teep,       18, SplitEvents,   true,  true,  true,  Fvm4),
    ];

    /// <summary>The newest version. (NV29 is as far as the reference has it: like NV28, without actors of its own yet.)</summary>
    public const NetworkVersion Last = NetworkVersion.Nv29;

    public static ReadOnlySpan<NetworkRules> All => Rows;

    public static NetworkRules? Find(NetworkVersion version)
    {
        foreach (NetworkRules rules in Rows)
        {
            if (rules.Version == version)
            {
                return rules;
            }
        }

        return null;
    }

    private static NetworkRules Row(
        NetworkVersion version,
        SyscallAbi syscalls,
        StateTreeVersion stateTree,
        PriceList prices,
        int actors,
        EventRules events,
        bool delegatedAddresses,
        bool tracksLinks,
        bool chargesMemory,
        MachineRules machine)
    {
        return new NetworkRules
        {
            Version = version,
            Syscalls = syscalls,
            StateTree = stateTree,
            Prices = prices,
            Modules = ReferenceLimits.Modules,
            Metering = OpcodeCosts.Rules(prices, MaxStackHeight, machine.MetersEachLocalAndTarget),
            ActorsVersion = actors,
            Events = events,
            DelegatedAddresses = delegatedAddresses,
            TracksLinks = tracksLinks,
            ChargesMemory = chargesMemory,
            Machine = machine,
        };
    }
}
