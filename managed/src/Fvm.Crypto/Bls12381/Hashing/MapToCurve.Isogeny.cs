namespace Fvm.Crypto;

/// <remarks>The 3-isogeny from E' to E2, with the constants of RFC 9380, appendix E.3.</remarks>
internal static partial class MapToCurve<T>
{
    // k_(1,0), k_(1,1), ...
    private static readonly Fp2<T>[] XNumerator =
    [
        Fp2<T>.Parse(
            "5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6",
            "5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6"),
        Fp2<T>.Parse(
            "0",
            "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71a"),
        Fp2<T>.Parse(
            "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71e",
            "8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38d"),
        Fp2<T>.Parse(
            "171d6541fa38ccfaed6dea691f5fb614cb14b4e7f4e810aa22d6108f142b85757098e38d0f671c7188e2aaaaaaaa5ed1",
            "0"),
    ];

    // k_(2,0), k_(2,1), ... without the leading coefficient 1.
    private static readonly Fp2<T>[] XDenominator =
    [
        Fp2<T>.Parse(
            "0",
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa63"),
        Fp2<T>.Parse(
            "c",
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa9f"),
    ];

    // k_(3,0), k_(3,1), ...
    private static readonly Fp2<T>[] YNumerator =
    [
        Fp2<T>.Parse(
            "1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706",
            "1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706"),
        Fp2<T>.Parse(
            "0",
            "5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97be"),
        Fp2<T>.Parse(
            "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71c",
            "8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38f"),
        Fp2<T>.Parse(
            "124c9ad43b6cf79bfbf7043de3811ad0761b0f37a1e26286b0e977c69aa274524e79097a56dc4bd9e1b371c71c718b10",
            "0"),
    ];

    // k_(4,0), k_(4,1), ... without the leading coefficient 1.
    private static readonly Fp2<T>[] YDenominator =
    [
        Fp2<T>.Parse(
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa8fb",
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa8fb"),
        Fp2<T>.Parse(
            "0",
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa9d3"),
        Fp2<T>.Parse(
            "12",
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa99"),
    ];

    // x = x_num/x_den, y = y' y_num/y_den, over the common denominator x_den y_den.
    private static Point<Fp2<T>> Isogeny(in Affine<Fp2<T>> point)
    {
        Fp2<T> x = point.X;
        Fp2<T> xNumerator = (((((XNumerator[3] * x) + XNumerator[2]) * x) + XNumerator[1]) * x) + XNumerator[0];
        Fp2<T> xDenominator = ((x + XDenominator[1]) * x) + XDenominator[0];
        Fp2<T> yNumerator = (((((YNumerator[3] * x) + YNumerator[2]) * x) + YNumerator[1]) * x) + YNumerator[0];
        Fp2<T> yDenominator = ((((x + YDenominator[2]) * x) + YDenominator[1]) * x) + YDenominator[0];

        // A zero denominator makes Z zero, the point at infinity, as section 6.6.3 requires; Y must not be zero then.
        Fp2<T> z = xDenominator * yDenominator;
        Fp2<T> y = Fp2<T>.Select(z.ZeroLanes, Fp2<T>.One, point.Y * yNumerator * xDenominator);
        return new(Fp2<T>.Select(z.ZeroLanes, Fp2<T>.Zero, xNumerator * yDenominator), y, z);
    }
}
