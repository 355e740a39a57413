namespace Fvm.Crypto;

/// <remarks>
/// Powers by p and p^2. The power by p conjugates coefficient i (of w^i) and multiplies it by (1 + u)^(i (p - 1)/6); the power by p^2
/// multiplies it by the norm of that factor.
/// </remarks>
internal readonly partial struct Fp12<T>
{
    internal static readonly T Power1 = T.Broadcast(Fp2<Fp>.Parse(
        "1904d3bf02bb0667c231beb4202c0d1f0fd603fd3cbd5f4f7b2443d784bab9c4f67ea53d63e7813d8d0775ed92235fb8",
        "fc3e2b36c4e03288e9e902231f9fb854a14787b6c7b36fec0c8ec971f63c5f282d5ac14d6c7ec22cf78a126ddc4af3"));

    internal static readonly T Power2 = T.Broadcast(Fp2<Fp>.Parse(
        "0", "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaac"));

    internal static readonly T Power3 = T.Broadcast(Fp2<Fp>.Parse(
        "6af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09",
        "6af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09"));

    internal static readonly T Power4 = T.Broadcast(Fp2<Fp>.Parse(
        "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaad", "0"));

    internal static readonly T Power5 = T.Broadcast(Fp2<Fp>.Parse(
        "5b2cfd9013a5fd8df47fa6b48b1e045f39816240c0b8fee8beadf4d8e9c0566c63a3e6e257f87329b18fae980078116",
        "144e4211384586c16bd3ad4afa99cc9170df3560e77982d0db45f3536814f0bd5871c1908bd478cd1ee605167ff82995"));

    internal static readonly T Norm1 = T.Broadcast(Fp2<Fp>.Parse(
        "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffeffff", "0"));

    internal static readonly T Norm2 = T.Broadcast(Fp2<Fp>.Parse(
        "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe", "0"));

    internal static readonly T Norm4 = T.Broadcast(Fp2<Fp>.Parse(
        "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaac", "0"));

    internal static readonly T Norm5 = T.Broadcast(Fp2<Fp>.Parse(
        "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaad", "0"));

    /// <summary>This to the power p.</summary>
    public Fp12<T> Frobenius() => new(
        new(C0.C0.Conjugate(), C0.C1.Conjugate() * Power2, C0.C2.Conjugate() * Power4),
        new(C1.C0.Conjugate() * Power1, C1.C1.Conjugate() * Power3, C1.C2.Conjugate() * Power5));

    /// <summary>This to the power p^2.</summary>
    public Fp12<T> FrobeniusSquare() => new(
        new(C0.C0, C0.C1.MultiplyByReal(Norm2), C0.C2.MultiplyByReal(Norm4)),
        new(C1.C0.MultiplyByReal(Norm1), -C1.C1, C1.C2.MultiplyByReal(Norm5)));
}
