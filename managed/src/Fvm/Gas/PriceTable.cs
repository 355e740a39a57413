namespace Fvm;

/// <summary>
/// All prices, in milligas: the first list complete, each later one by its changes. A price not in a list is zero. The test
/// <c>PriceTableTests</c> compares all prices of all lists with <c>prices.txt</c>.
/// Sources: <c>SKYR_PRICES</c> of fvm 2.12, <c>HYGGE_PRICES</c> of fvm 3.14, <c>WATERMELON_PRICES</c> and <c>TEEP_PRICES</c> of
/// fvm 4.8, each in <c>fvm/src/gas/price_list.rs</c>.
/// </summary>
internal static class PriceTable
{
    /// <summary>FIP-0032.</summary>
    public static readonly PriceList Skyr = PriceList.First(
        nameof(Skyr),
        new PriceRules
        {
            ChargesCallsWhole = true,
            ChargesAccess = false,
            ChargesSealsOfBatches = false,
            ChargesLinks = false,
            ExternsAreComputation = true,
            AddsUpBlockMemory = true,
            OpensBlocksPerByte = true,
            TipsetCidsCostByDistance = false,
        },
        [
            (Price.ChainMessageCompute,                     38_863_000),
            (Price.ChainMessageStorage,                     46_800_000),
            (Price.ChainMessageStoragePerByte,              1_300_000),
            (Price.ChainReturnStoragePerByte,               1_300_000),

            (Price.SendBase,                                29_233_000),
            (Price.SendTransferFunds,                       27_500_000),
            (Price.SendTransferOnly,                        159_672_000),
            (Price.SendInvokeMethod,                        -5_377_000),

            (Price.ActorCreateCompute,                      1_108_454_000),
            (Price.ActorCreateStorage,                      98_800_000),
            (Price.ActorDeleteRefund,                       98_800_000),

            (Price.Secp256k1Verify,                         1_637_292_000),
            (Price.Secp256k1Recover,                        1_637_292_000),
            (Price.BlsVerify,                               16_598_605_000),
            (Price.HashBase,                                31_355_000),

            (Price.UnsealedSectorCid,                       98_647_000),
            (Price.VerifySeal,                              2_000_000),
            (Price.VerifyAggregateSeal32GiB,                449_900_000),
            (Price.VerifyAggregateSeal64GiB,                359_272_000),
            (Price.VerifyReplicaUpdate,                     36_316_136_000),
            (Price.VerifyPost,                              117_680_921_000),
            (Price.VerifyPostPerSector,                     43_780_000),
            (Price.VerifyConsensusFault,                    495_422_000),

            (Price.Extern,                                  21_000_000),

            (Price.BlockCopyPerByte,                        500),
            (Price.BlockRetainPerByte,                      10_000),
            (Price.BlockOpen,                               114_617_000),
            (Price.BlockLink,                               353_640_000),
            (Price.BlockPersistStoragePerByte,              1_300_000),

            (Price.HostCall,                                14_000_000),
            (Price.Instruction,                             4_000),
        ]);

    /// <summary>FIP-0055, FIP-0057.</summary>
    public static readonly PriceList Hygge = Skyr.Change(
        nameof(Hygge),
        Skyr.Rules with
        {
            ChargesCallsWhole = false,
            ChargesAccess = true,
            ChargesSealsOfBatches = true,
            ExternsAreComputation = false,
            AddsUpBlockMemory = false,
            TipsetCidsCostByDistance = true,
        },
        [
            (Price.SendBase,                                0),
            (Price.SendTransferFunds,                       6_000_000),
            (Price.SendTransferOnly,                        0),
            (Price.SendInvokeMethod,                        75_000_000),

            (Price.ActorLookup,                             500_000_000),
            (Price.ActorUpdate,                             475_000_000),
            (Price.ActorCreateCompute,                      0),
            (Price.ActorCreateStorage,                      650_000_000),
            (Price.ActorDeleteRefund,                       0),
            (Price.AddressLookup,                           1_050_000_000),
            (Price.AddressAssignment,                       1_000_000_000),

            (Price.Secp256k1VerifyPerByte,                  10_000),
            (Price.BlsVerifyPerByte,                        26_000),
            (Price.HashBase,                                0),
            (Price.HashSha2256PerByte,                      7_000),
            (Price.HashBlake2b256PerByte,                   10_000),
            (Price.HashBlake2b512PerByte,                   10_000),
            (Price.HashKeccak256PerByte,                    33_000),
            (Price.HashRipemd160PerByte,                    35_000),

            (Price.VerifyConsensusFault,                    516_422_000),

            (Price.Extern,                                  0),
            (Price.Randomness,                              21_000_000),
            (Price.TipsetCidLatest,                         50_000_000),
            (Price.TipsetCidHistorical,                     215_000_000),

            (Price.BlockCopyPerByte,                        400),
            (Price.BlockAllocatePerByte,                    2_000),
            (Price.BlockOpen,                               187_440_000),
            (Price.BlockLink,                               0),
            (Price.BlockPersistCompute,                     172_000_000),
            (Price.BlockPersistStorage,                     334_000_000),
            (Price.BlockPersistStoragePerByte,              3_340_000),

            (Price.EventValidate,                           1_750_000),
            (Price.EventValidatePerByte,                    25_000),

            (Price.MemoryFillPerByte,                       400),
            (Price.MemoryCopyPerByte,                       400),
        ]);

    /// <summary>FIP-0071, FIP-0072, FIP-0079.</summary>
    public static readonly PriceList Watermelon = Hygge.Change(
        nameof(Watermelon),
        Hygge.Rules with { ChargesLinks = true, OpensBlocksPerByte = false, TipsetCidsCostByDistance = false },
        [
            (Price.BlsPairing,                              8_299_302_000),
            (Price.BlsHashPerByte,                          7_000),

            (Price.Randomness,                              0),
            (Price.Lookback,                                146_200_000),
            (Price.LookbackPerEpoch,                        75_000),
            (Price.TipsetCidLatest,                         0),
            (Price.TipsetCidHistorical,                     0),

            (Price.CborScanPerField,                        35_000),
            (Price.CborScanPerLink,                         400_000),
            (Price.LinkTracked,                             300_000),
            (Price.LinkChecked,                             300_000),

            (Price.EventValidate,                           0),
            (Price.EventValidatePerByte,                    0),
            (Price.EventPerEntry,                           2_000_000),
            (Price.EventPerEntryScale,                      1_400_000),
            (Price.Utf8Validate,                            500_000),
            (Price.Utf8ValidatePerByte,                     16_000),
        ]);

    /// <summary>FIP-0092, FIP-0100.</summary>
    public static readonly PriceList Teep = Watermelon.Change(
        nameof(Teep),
        Watermelon.Rules,
        [
            (Price.VerifySeal,                              42_000_000_000),
            (Price.VerifyAggregateSeal32GiBNonInteractive,  5_668_740_000),
            (Price.VerifyAggregateSeal64GiBNonInteractive,  4_526_928_000),
        ]);
}

/// <summary>The prices, in milligas per unit of what the name says.</summary>
public enum Price
{
    /// <summary>Including a message in the chain.</summary>
    ChainMessageCompute,
    ChainMessageStorage,
    ChainMessageStoragePerByte,

    /// <summary>Storing a message's return value on the chain.</summary>
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
