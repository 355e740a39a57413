namespace Fvm;

/// <summary>The prices: each an amount of milligas, for a unit of what its name says.</summary>
public enum Price
{
    /// <summary>A message on the chain.</summary>
    ChainMessageCompute,
    ChainMessageStorage,
    ChainMessageStoragePerByte,

    /// <summary>The return value of a message on the chain.</summary>
    ChainReturnStoragePerByte,

    SendBase,
    SendTransferFunds,
    SendTransferOnly,
    SendInvokeMethod,

    ActorLookup,
    ActorUpdate,
    ActorCreateCompute,
    ActorCreateStorage,
    ActorDeleteRefund,
    AddressLookup,
    AddressAssignment,

    Secp256k1Verify,
    Secp256k1VerifyPerByte,
    Secp256k1Recover,
    BlsVerify,
    BlsVerifyPerByte,
    BlsPairing,
    BlsHashPerByte,
    HashBase,
    HashSha2256PerByte,
    HashBlake2b256PerByte,
    HashBlake2b512PerByte,
    HashKeccak256PerByte,
    HashRipemd160PerByte,

    UnsealedSectorCid,
    VerifySeal,
    VerifyAggregateSeal32GiB,
    VerifyAggregateSeal64GiB,
    VerifyAggregateSeal32GiBNonInteractive,
    VerifyAggregateSeal64GiBNonInteractive,
    VerifyReplicaUpdate,
    VerifyPost,
    VerifyPostPerSector,
    VerifyConsensusFault,

    Extern,
    Randomness,
    Lookback,
    LookbackPerEpoch,
    TipsetCidLatest,
    TipsetCidHistorical,

    BlockCopyPerByte,
    BlockAllocatePerByte,
    BlockRetainPerByte,
    BlockOpen,
    BlockLink,
    BlockPersistCompute,
    BlockPersistStorage,
    BlockPersistStoragePerByte,
    CborScanPerField,
    CborScanPerLink,
    LinkTracked,
    LinkChecked,

    EventValidate,
    EventValidatePerByte,
    EventPerEntry,
    EventPerEntryScale,
    Utf8Validate,
    Utf8ValidatePerByte,

    ManifestLookup,
    NetworkContext,
    MessageContext,
    InstallWasmPerByte,

    HostCall,
    Instruction,
    MemoryFillPerByte,
    MemoryCopyPerByte,
}
