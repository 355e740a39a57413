using System.Collections.Frozen;

namespace Fvm;

/// <summary>
/// What everything costs, in milligas: a row a price, a column a list. Zero where a list does not know the price.
/// Sources, by column: <c>SKYR_PRICES</c> of fvm 2.12, <c>HYGGE_PRICES</c> of fvm 3.14, <c>WATERMELON_PRICES</c> and
/// <c>TEEP_PRICES</c> of fvm 4.8, each in <c>fvm/src/gas/price_list.rs</c>. Reasons: FIP-0032 (Skyr), FIP-0055 and FIP-0057
/// (Hygge), FIP-0071, FIP-0072 and FIP-0079 (Watermelon), FIP-0092 and FIP-0100 (Teep).
/// </summary>
internal static class PriceTable
{
    private static readonly FrozenDictionary<Price, long[]> Rows = new (Price Price, long Skyr, long Hygge, long Watermelon, long Teep)[]
    {
        //                                                Skyr            Hygge           Watermelon      Teep
        (Price.ChainMessageCompute,                       38_863_000,     38_863_000,     38_863_000,     38_863_000),
        (Price.ChainMessageStorage,                       46_800_000,     46_800_000,     46_800_000,     46_800_000),
        (Price.ChainMessageStoragePerByte,                1_300_000,      1_300_000,      1_300_000,      1_300_000),
        (Price.ChainReturnStoragePerByte,                 1_300_000,      1_300_000,      1_300_000,      1_300_000),

        (Price.SendBase,                                  29_233_000,     0,              0,              0),
        (Price.SendTransferFunds,                         27_500_000,     6_000_000,      6_000_000,      6_000_000),
        (Price.SendTransferOnly,                          159_672_000,    0,              0,              0),
        (Price.SendInvokeMethod,                          -5_377_000,     75_000_000,     75_000_000,     75_000_000),

        (Price.ActorLookup,                               0,              500_000_000,    500_000_000,    500_000_000),
        (Price.ActorUpdate,                               0,              475_000_000,    475_000_000,    475_000_000),
        (Price.ActorCreateCompute,                        1_108_454_000,  0,              0,              0),
        (Price.ActorCreateStorage,                        98_800_000,     650_000_000,    650_000_000,    650_000_000),
        (Price.ActorDeleteRefund,                         98_800_000,     0,              0,              0),
        (Price.AddressLookup,                             0,              1_050_000_000,  1_050_000_000,  1_050_000_000),
        (Price.AddressAssignment,                         0,              1_000_000_000,  1_000_000_000,  1_000_000_000),

        (Price.Secp256k1Verify,                           1_637_292_000,  1_637_292_000,  1_637_292_000,  1_637_292_000),
        (Price.Secp256k1VerifyPerByte,                    0,              10_000,         10_000,         10_000),
        (Price.Secp256k1Recover,                          1_637_292_000,  1_637_292_000,  1_637_292_000,  1_637_292_000),
        (Price.BlsVerify,                                 16_598_605_000, 16_598_605_000, 16_598_605_000, 16_598_605_000),
        (Price.BlsVerifyPerByte,                          0,              26_000,         26_000,         26_000),
        (Price.BlsPairing,                                0,              0,              8_299_302_000,  8_299_302_000),
        (Price.BlsHashPerByte,                            0,              0,              7_000,          7_000),
        (Price.HashBase,                                  31_355_000,     0,              0,              0),
        (Price.HashSha2256PerByte,                        0,              7_000,          7_000,          7_000),
        (Price.HashBlake2b256PerByte,                     0,              10_000,         10_000,         10_000),
        (Price.HashBlake2b512PerByte,                     0,              10_000,         10_000,         10_000),
        (Price.HashKeccak256PerByte,                      0,              33_000,         33_000,         33_000),
        (Price.HashRipemd160PerByte,                      0,              35_000,         35_000,         35_000),

        (Price.UnsealedSectorCid,                         98_647_000,     98_647_000,     98_647_000,     98_647_000),
        (Price.VerifySeal,                                2_000_000,      2_000_000,      2_000_000,      42_000_000_000),
        (Price.VerifyAggregateSeal32GiB,                  449_900_000,    449_900_000,    449_900_000,    449_900_000),
        (Price.VerifyAggregateSeal64GiB,                  359_272_000,    359_272_000,    359_272_000,    359_272_000),
        (Price.VerifyAggregateSeal32GiBNonInteractive,    0,              0,              0,              5_668_740_000),
        (Price.VerifyAggregateSeal64GiBNonInteractive,    0,              0,              0,              4_526_928_000),
        (Price.VerifyReplicaUpdate,                       36_316_136_000, 36_316_136_000, 36_316_136_000, 36_316_136_000),
        (Price.VerifyPost,                                117_680_921_000, 117_680_921_000, 117_680_921_000, 117_680_921_000),
        (Price.VerifyPostPerSector,                       43_780_000,     43_780_000,     43_780_000,     43_780_000),
        (Price.VerifyConsensusFault,                      495_422_000,    516_422_000,    516_422_000,    516_422_000),

        (Price.Extern,                                    21_000_000,     0,              0,              0),
        (Price.Randomness,                                0,              21_000_000,     0,              0),
        (Price.Lookback,                                  0,              0,              146_200_000,    146_200_000),
        (Price.LookbackPerEpoch,                          0,              0,              75_000,         75_000),
        (Price.TipsetCidLatest,                           0,              50_000_000,     0,              0),
        (Price.TipsetCidHistorical,                       0,              215_000_000,    0,              0),

        (Price.BlockCopyPerByte,                          500,            400,            400,            400),
        (Price.BlockAllocatePerByte,                      0,              2_000,          2_000,          2_000),
        (Price.BlockRetainPerByte,                        10_000,         10_000,         10_000,         10_000),
        (Price.BlockOpen,                                 114_617_000,    187_440_000,    187_440_000,    187_440_000),
        (Price.BlockLink,                                 353_640_000,    0,              0,              0),
        (Price.BlockPersistCompute,                       0,              172_000_000,    172_000_000,    172_000_000),
        (Price.BlockPersistStorage,                       0,              334_000_000,    334_000_000,    334_000_000),
        (Price.BlockPersistStoragePerByte,                1_300_000,      3_340_000,      3_340_000,      3_340_000),
        (Price.CborScanPerField,                          0,              0,              35_000,         35_000),
        (Price.CborScanPerLink,                           0,              0,              400_000,        400_000),
        (Price.LinkTracked,                               0,              0,              300_000,        300_000),
        (Price.LinkChecked,                               0,              0,              300_000,        300_000),

        (Price.EventValidate,                             0,              1_750_000,      0,              0),
        (Price.EventValidatePerByte,                      0,              25_000,         0,              0),
        (Price.EventPerEntry,                             0,              0,              2_000_000,      2_000_000),
        (Price.EventPerEntryScale,                        0,              0,              1_400_000,      1_400_000),
        (Price.Utf8Validate,                              0,              0,              500_000,        500_000),
        (Price.Utf8ValidatePerByte,                       0,              0,              16_000,         16_000),

        (Price.ManifestLookup,                            0,              0,              0,              0),
        (Price.NetworkContext,                            0,              0,              0,              0),
        (Price.MessageContext,                            0,              0,              0,              0),
        (Price.InstallWasmPerByte,                        0,              0,              0,              0),

        (Price.HostCall,                                  14_000_000,     14_000_000,     14_000_000,     14_000_000),
        (Price.Instruction,                               4_000,          4_000,          4_000,          4_000),
        (Price.MemoryFillPerByte,                         0,              400,            400,            400),
        (Price.MemoryCopyPerByte,                         0,              400,            400,            400),
    }.ToFrozenDictionary(row => row.Price, row => new[] { row.Skyr, row.Hygge, row.Watermelon, row.Teep });

    /// <summary>All prices of a list, by number of <see cref="Price"/>.</summary>
    public static long[] Column(PriceColumn column)
    {
        long[] prices = new long[Rows.Count];
        foreach ((Price price, long[] row) in Rows)
        {
            prices[(int)price] = row[(int)column];
        }

        return prices;
    }
}
