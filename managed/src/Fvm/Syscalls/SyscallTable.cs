using System.Collections.Frozen;
using Fvm.Crypto;
using Fvm.Wasm;
using static Fvm.NetworkVersion;

namespace Fvm;

/// <summary>
/// The table of syscalls: one row each, with handler, kernel method and charge by compiled names, and the first and last network version with
/// the syscall in this form. A new syscall is a new row; a new signature is a new row, and the old one ends.
/// </summary>
internal sealed class SyscallTable
{
    // The last version of rows still in force.
    private const NetworkVersion Last = NetworkTable.Last;

    private static readonly SyscallRow[] All = BuildRows();
    private static readonly FrozenDictionary<NetworkVersion, SyscallTable> Tables = BuildTables();

    // Sound: only takes the addresses of the gate's methods, whose signatures engines use.
    private unsafe SyscallTable(SyscallAbi abi, SyscallRow[] rows)
    {
        Abi = abi;
        Rows = rows;
        Host = new HostTable(
            [.. rows.Select(static row => new HostFunction(row.Module, row.Name, row.Type))],
            &SyscallGate.Enter,
            &SyscallGate.EnterUnmanaged);
    }

    /// <summary>The syscall generation of the rows.</summary>
    public SyscallAbi Abi { get; }

    /// <summary>The rows, in the order of the indices that engines pass to the gate.</summary>
    public SyscallRow[] Rows { get; }

    /// <summary>The same rows for engines.</summary>
    public HostTable Host { get; }

    /// <summary>Every row of every network version.</summary>
    public static IReadOnlyList<SyscallRow> AllRows => All;

    /// <summary>The syscalls of a network version.</summary>
    public static SyscallTable For(NetworkRules rules) => Tables[rules.Version];

    // Parameters: i = i32, l = i64; a result adds an i32 in front, the offset where it is written.
    // Sound: only takes the addresses of handlers; sizes are those of structs without references.
    private static unsafe SyscallRow[] BuildRows() =>
    [
        //  module     name                           from  to    parameters   result                        handler                                    kernel method                               charge
        Row("vm",      "abort",                       Nv16, Nv17, "iii",       0,                            &VmSyscalls.Abort,                         "",                                         ""),
        Row("vm",      "exit",                        Nv18, Last, "iiii",      0,                            &VmSyscalls.Exit,                          "",                                         ""),
        Row("vm",      "context",                     Nv16, Nv17, "",          sizeof(InvocationContextOut), &VmSyscalls.Context,                       nameof(Kernel.InvocationContext),           ""),
        Row("vm",      "message_context",             Nv18, Last, "",          sizeof(MessageContextOut),    &VmSyscalls.MessageContext,                nameof(Kernel.MessageContext),              nameof(PriceList.OnMessageContext)),

        Row("network", "base_fee",                    Nv16, Nv17, "",          sizeof(UInt128),              &NetworkSyscalls.BaseFee,                  nameof(Kernel.BaseFee),                     ""),
        Row("network", "context",                     Nv18, Last, "",          sizeof(NetworkContextOut),    &NetworkSyscalls.Context,                  nameof(Kernel.NetworkContext),              nameof(PriceList.OnNetworkContext)),
        Row("network", "tipset_cid",                  Nv18, Last, "lii",       sizeof(uint),                 &NetworkSyscalls.TipsetCid,                nameof(Kernel.TipsetCid),                   nameof(PriceList.OnTipsetCid)),
        Row("network", "total_fil_circ_supply",       Nv16, Last, "",          sizeof(UInt128),              &NetworkSyscalls.TotalFilCircSupply,       nameof(Kernel.TotalFilCirculatingSupply),   ""),

        Row("ipld",    "block_open",                  Nv16, Last, "i",         sizeof(BlockOpenOut),         &IpldSyscalls.BlockOpen,                   nameof(Kernel.BlockOpen),                   nameof(PriceList.OnBlockOpen)),
        Row("ipld",    "block_create",                Nv16, Last, "lii",       sizeof(uint),                 &IpldSyscalls.BlockCreate,                 nameof(Kernel.BlockCreate),                 nameof(PriceList.OnBlockCreate)),
        Row("ipld",    "block_read",                  Nv16, Last, "iiii",      sizeof(uint),                 &IpldSyscalls.BlockRead,                   nameof(Kernel.BlockRead),                   nameof(PriceList.OnBlockRead)),
        Row("ipld",    "block_stat",                  Nv16, Last, "i",         sizeof(BlockStat),            &IpldSyscalls.BlockStat,                   nameof(Kernel.BlockStat),                   nameof(PriceList.OnBlockStat)),
        Row("ipld",    "block_link",                  Nv16, Last, "iliii",     sizeof(uint),                 &IpldSyscalls.BlockLink,                   nameof(Kernel.BlockLink),                   nameof(PriceList.OnBlockLink)),

        Row("self",    "root",                        Nv16, Last, "ii",        sizeof(uint),                 &SelfSyscalls.Root,                        nameof(Kernel.Root),                        nameof(PriceList.OnGetRoot)),
        Row("self",    "set_root",                    Nv16, Last, "i",         0,                            &SelfSyscalls.SetRoot,                     nameof(Kernel.SetRoot),                     nameof(PriceList.OnSetRoot)),
        Row("self",    "current_balance",             Nv16, Last, "",          sizeof(UInt128),              &SelfSyscalls.CurrentBalance,              nameof(Kernel.CurrentBalance),              nameof(PriceList.OnSelfBalance)),
        Row("self",    "self_destruct",               Nv16, Nv20, "ii",        0,                            &SelfSyscalls.SelfDestructTo,              nameof(Kernel.SelfDestructTo),              nameof(PriceList.OnDeleteActor)),
        Row("self",    "self_destruct",               Nv21, Last, "i",         0,                            &SelfSyscalls.SelfDestruct,                nameof(Kernel.SelfDestruct),                nameof(PriceList.OnDeleteActor)),

        Row("actor",   "resolve_address",             Nv16, Last, "ii",        sizeof(ulong),                &ActorSyscalls.ResolveAddress,             nameof(Kernel.ResolveAddress),              nameof(PriceList.OnResolveAddress)),
        Row("actor",   "lookup_delegated_address",    Nv18, Last, "lii",       sizeof(uint),                 &ActorSyscalls.LookupDelegatedAddress,     nameof(Kernel.LookupDelegatedAddress),      nameof(PriceList.OnLookupDelegatedAddress)),
        Row("actor",   "get_actor_code_cid",          Nv16, Last, "lii",       sizeof(uint),                 &ActorSyscalls.GetActorCodeCid,            nameof(Kernel.GetActorCodeCid),             nameof(PriceList.OnGetActorCodeCid)),
        Row("actor",   "new_actor_address",           Nv16, Nv17, "ii",        sizeof(uint),                 &ActorSyscalls.NewActorAddress,            nameof(Kernel.NewActorAddress),             ""),
        Row("actor",   "next_actor_address",          Nv18, Last, "ii",        sizeof(uint),                 &ActorSyscalls.NextActorAddress,           nameof(Kernel.NextActorAddress),            ""),
        Row("actor",   "create_actor",                Nv16, Nv17, "li",        0,                            &ActorSyscalls.CreateBuiltinActor,         nameof(Kernel.CreateBuiltinActor),          nameof(PriceList.OnCreateActor)),
        Row("actor",   "create_actor",                Nv18, Last, "liii",      0,                            &ActorSyscalls.CreateActor,                nameof(Kernel.CreateActor),                 nameof(PriceList.OnCreateActor)),
        Row("actor",   "get_builtin_actor_type",      Nv16, Last, "i",         sizeof(uint),                 &ActorSyscalls.GetBuiltinActorType,        nameof(Kernel.GetBuiltinActorType),         nameof(PriceList.OnGetBuiltinActorType)),
        Row("actor",   "get_code_cid_for_type",       Nv16, Last, "iii",       sizeof(uint),                 &ActorSyscalls.GetCodeCidForType,          nameof(Kernel.GetCodeCidForType),           nameof(PriceList.OnGetCodeCidForType)),
        Row("actor",   "balance_of",                  Nv18, Last, "l",         sizeof(UInt128),              &ActorSyscalls.BalanceOf,                  nameof(Kernel.BalanceOf),                   nameof(PriceList.OnBalanceOf)),

        Row("crypto",  "verify_signature",            Nv16, Nv17, "iiiiiii",   sizeof(uint),                 &CryptoSyscalls.VerifyAccountSignature,    nameof(Kernel.VerifyAccountSignature),      nameof(PriceList.OnVerifySignature)),
        Row("crypto",  "verify_signature",            Nv18, Last, "iiiiiii",   sizeof(uint),                 &CryptoSyscalls.VerifySignature,           nameof(Kernel.VerifySignature),             nameof(PriceList.OnVerifySignature)),
        Row("crypto",  "verify_bls_aggregate",        Nv21, Last, "iiiii",     sizeof(uint),                 &CryptoSyscalls.VerifyBlsAggregate,        nameof(Kernel.VerifyBlsAggregate),          nameof(PriceList.OnVerifyAggregateSignature)),
        Row("crypto",  "recover_secp_public_key",     Nv16, Last, "ii",        Secp256k1.PublicKeySize,      &CryptoSyscalls.RecoverSecpPublicKey,      nameof(Kernel.RecoverSecpPublicKey),        nameof(PriceList.OnRecoverSecpPublicKey)),
        Row("crypto",  "hash",                        Nv16, Last, "liiii",     sizeof(uint),                 &CryptoSyscalls.Hash,                      nameof(Kernel.Hash),                        nameof(PriceList.OnHashing)),
        Row("crypto",  "compute_unsealed_sector_cid", Nv16, Last, "liiii",     sizeof(uint),                 &CryptoSyscalls.ComputeUnsealedSectorCid,  nameof(Kernel.ComputeUnsealedSectorCid),    nameof(PriceList.OnComputeUnsealedSectorCid)),
        Row("crypto",  "verify_seal",                 Nv16, Nv17, "ii",        sizeof(uint),                 &CryptoSyscalls.VerifySeal,                nameof(Kernel.VerifySeal),                  nameof(PriceList.OnVerifySeal)),
        Row("crypto",  "verify_post",                 Nv16, Last, "ii",        sizeof(uint),                 &CryptoSyscalls.VerifyPost,                nameof(Kernel.VerifyPost),                  nameof(PriceList.OnVerifyPost)),
        Row("crypto",  "verify_consensus_fault",      Nv16, Last, "iiiiii",    sizeof(ConsensusFaultOut),    &CryptoSyscalls.VerifyConsensusFault,      nameof(Kernel.VerifyConsensusFault),        nameof(PriceList.OnVerifyConsensusFault)),
        Row("crypto",  "verify_aggregate_seals",      Nv16, Last, "ii",        sizeof(uint),                 &CryptoSyscalls.VerifyAggregateSeals,      nameof(Kernel.VerifyAggregateSeals),        nameof(PriceList.OnVerifyAggregateSeals)),
        Row("crypto",  "verify_replica_update",       Nv16, Last, "ii",        sizeof(uint),                 &CryptoSyscalls.VerifyReplicaUpdate,       nameof(Kernel.VerifyReplicaUpdate),         nameof(PriceList.OnVerifyReplicaUpdate)),
        Row("crypto",  "batch_verify_seals",          Nv16, Last, "iii",       0,                            &CryptoSyscalls.BatchVerifySeals,          nameof(Kernel.BatchVerifySeals),            nameof(PriceList.OnVerifySealOfBatch)),

        Row("event",   "emit_event",                  Nv18, Nv20, "ii",        0,                            &EventSyscalls.EmitEncodedEvent,           nameof(Kernel.EmitEncodedEvent),            nameof(PriceList.OnActorEventValidate)),
        Row("event",   "emit_event",                  Nv21, Last, "iiiiii",    0,                            &EventSyscalls.EmitEvent,                  nameof(Kernel.EmitEvent),                   nameof(PriceList.OnActorEvent)),

        Row("rand",    "get_chain_randomness",        Nv16, Nv20, "llii",      Kernel.RandomnessLength,      &RandSyscalls.DrawChainRandomness,         nameof(Kernel.DrawChainRandomness),         nameof(PriceList.OnGetRandomnessWithEntropy)),
        Row("rand",    "get_chain_randomness",        Nv21, Last, "l",         Kernel.RandomnessLength,      &RandSyscalls.GetChainRandomness,          nameof(Kernel.GetChainRandomness),          nameof(PriceList.OnGetRandomness)),
        Row("rand",    "get_beacon_randomness",       Nv16, Nv20, "llii",      Kernel.RandomnessLength,      &RandSyscalls.DrawBeaconRandomness,        nameof(Kernel.DrawBeaconRandomness),        nameof(PriceList.OnGetRandomnessWithEntropy)),
        Row("rand",    "get_beacon_randomness",       Nv21, Last, "l",         Kernel.RandomnessLength,      &RandSyscalls.GetBeaconRandomness,         nameof(Kernel.GetBeaconRandomness),         nameof(PriceList.OnGetRandomness)),

        Row("gas",     "charge",                      Nv16, Nv17, "iil",       0,                            &GasSyscalls.ChargeSignedGas,              nameof(Kernel.ChargeSignedGas),             nameof(PriceList.OnChargeGas)),
        Row("gas",     "charge",                      Nv18, Last, "iil",       0,                            &GasSyscalls.Charge,                       nameof(Kernel.ChargeGas),                   nameof(PriceList.OnChargeGas)),
        Row("gas",     "available",                   Nv18, Last, "",          sizeof(ulong),                &GasSyscalls.Available,                    nameof(Kernel.GasAvailable),                ""),

        Row("send",    "send",                        Nv16, Nv17, "iilill",    sizeof(SendResult),           &SendSyscalls.SendUnlimited,               nameof(Kernel.SendUnlimited),               nameof(PriceList.OnMethodInvocation)),
        Row("send",    "send",                        Nv18, Last, "iilillll",  sizeof(SendResult),           &SendSyscalls.Send,                        nameof(Kernel.Send),                        nameof(PriceList.OnMethodInvocation)),

        Row("debug",   "log",                         Nv16, Last, "ii",        0,                            &DebugSyscalls.Log,                        nameof(Kernel.Log),                         ""),
        Row("debug",   "enabled",                     Nv16, Last, "",          sizeof(uint),                 &DebugSyscalls.Enabled,                    nameof(Kernel.IsDebugEnabled),              ""),
        Row("debug",   "store_artifact",              Nv16, Last, "iiii",      0,                            &DebugSyscalls.StoreArtifact,              nameof(Kernel.StoreArtifact),               ""),
    ];

    private static FrozenDictionary<NetworkVersion, SyscallTable> BuildTables()
    {
        Dictionary<NetworkVersion, SyscallTable> tables = [];
        foreach (NetworkRules rules in NetworkTable.All)
        {
            tables.Add(rules.Version, new(rules.Syscalls, [.. All.Where(row => row.From <= rules.Version && rules.Version <= row.To)]));
        }

        return tables.ToFrozenDictionary();
    }

    // Sound: only passes a pointer on.
    private static unsafe SyscallRow Row(
        string module,
        string name,
        NetworkVersion from,
        NetworkVersion to,
        string parameters,
        int resultSize,
        delegate*<ref SyscallFrame, Outcome> handler,
        string kernelMethod,
        string charge) => new(module, name, from, to, parameters, resultSize, new SyscallHandler(handler), kernelMethod, charge);
}
