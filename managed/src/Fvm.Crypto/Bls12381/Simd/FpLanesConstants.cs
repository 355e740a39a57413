namespace Fvm.Crypto;

/// <summary>The constants of <see cref="FpLanesCode"/> in its data, by index. `ConstantsTests` derives them.</summary>
internal static class FpLanesConstants
{
    /// <summary>The lower 50 bits.</summary>
    public const int Mask = 0;

    /// <summary>-1/p modulo 2^52.</summary>
    public const int NegativeInverse = 1;

    /// <summary>The bits of the double 2^52.</summary>
    public const int OneBits = 2;

    /// <summary>The double 2^52 + 2^49.</summary>
    public const int LimbAnchor = 3;

    /// <summary>The double 3 * 2^51.</summary>
    public const int TopAnchor = 4;

    /// <summary>Doubles: 2^52 plus the limbs of 199 p, of which the lower seven are 2^51 with a deviation of at most 0.52 * 2^49.</summary>
    public const int Biases = 8;

    /// <summary>
    /// Initial values of the columns. For 0 to 6: 2^50 - 1. From 7 on: minus the limbs of 2^49 p, as the last quotient is 2^49 too large; for 8 to
    /// 14 also half a limb and 2^50, the latter taken from the next column; for 15 also the bits of the top anchor.
    /// </summary>
    public const int Starts = 16;

    /// <summary>The limbs of (i p - 1) / 2^50, where i = 12885098499 is 1/p modulo 2^50.</summary>
    public const int Multiple = 32;

    /// <summary>The limbs of p.</summary>
    public const int Modulus = 40;

    /// <summary>Doubles: -1 and 1, four times.</summary>
    public const int Signs = 48;

    /// <summary>Constants in all.</summary>
    public const int Count = 56;

    /// <summary>p's multiple in the biases: values must be below it in magnitude.</summary>
    public const int BiasMultiple = 199;

    public static ReadOnlySpan<ulong> All =>
    [
        0x0003_ffff_ffff_ffff, 0x0003_fffc_fffc_fffd, 0x4330_0000_0000_0000,
        0x4332_0000_0000_0000, 0x4338_0000_0000_0000, 0, 0, 0,

        // Biases.
        0x4338_ffff_ffbd_aaed, 0x4336_f612_fff2_654c, 0x4338_f561_3d7b_3fee, 0x4337_24db_ceec_7f0c,
        0x4338_bbb4_594c_7191, 0x4337_ab93_f4d6_dbc4, 0x4337_26c4_1f06_27f4, 0x4330_0050_db53_b449,

        // Starts.
        0x0003_ffff_ffff_ffff, 0x0003_ffff_ffff_ffff, 0x0003_ffff_ffff_ffff, 0x0003_ffff_ffff_ffff,
        0x0003_ffff_ffff_ffff, 0x0003_ffff_ffff_ffff, 0x0003_ffff_ffff_ffff, 0xfffe_0000_0000_0000,
        0x0002_8000_0000_2aab, 0x0002_29d5_8000_08c0, 0x0004_784e_df0a_a000, 0x0004_8131_9e5a_be12,
        0x0003_c45a_3d86_3d76, 0x0005_0937_968a_6513, 0x0004_3400_cb2d_a722, 0x4337_ffff_cbfd_dc2b,

        // Multiple.
        0x0001_d07e_0b7f_0b7f, 0x0000_33e6_c6ff_c13f, 0x0002_ce46_20f9_888a, 0x0002_83f5_5c48_5fe5,
        0x0001_e2ff_73c5_9eba, 0x0000_1a18_c44a_258c, 0x0002_0f08_c106_5835, 0x0000_0000_0000_4e03,

        // Modulus.
        0x0002_ffff_ffff_aaab, 0x0003_ac54_ffff_ee7f, 0x0003_0f62_41ea_bfff, 0x0002_fd9c_c34a_83da,
        0x0000_774b_84f3_8512, 0x0001_ed90_d2eb_35d9, 0x0003_97fe_69a4_b1ba, 0x0000_0000_6804_47a8,

        // Signs.
        0xbff0_0000_0000_0000, 0x3ff0_0000_0000_0000, 0xbff0_0000_0000_0000, 0x3ff0_0000_0000_0000,
        0xbff0_0000_0000_0000, 0x3ff0_0000_0000_0000, 0xbff0_0000_0000_0000, 0x3ff0_0000_0000_0000,
    ];
}
