namespace Fvm.Crypto;

/// <summary>The pairing's operations on its target field Fp12, in one or several lanes, independent of the layout.</summary>
internal interface ITargetField<TSelf>
    where TSelf : struct, ITargetField<TSelf>
{
    static abstract TSelf One { get; }

    /// <summary>The lanes equal to one.</summary>
    int OneLanes { get; }

    static abstract TSelf operator *(in TSelf a, in TSelf b);

    TSelf Square();

    TSelf Invert();

    /// <summary>The power by p^6, and the inverse in the cyclotomic subgroup.</summary>
    TSelf Conjugate();

    /// <summary>The power by p.</summary>
    TSelf Frobenius();

    /// <summary>The power by p^2.</summary>
    TSelf FrobeniusSquare();

    /// <summary>The square of an element of the cyclotomic subgroup.</summary>
    TSelf CyclotomicSquare();

    /// <summary>This element of the cyclotomic subgroup to the power |x|, where x is the curve parameter.</summary>
    TSelf PowerOfParameter();
}

/// <summary>The target field of the Miller loop over points with coordinates in <typeparamref name="T"/>.</summary>
internal interface ITargetField<TSelf, T> : ITargetField<TSelf>
    where TSelf : struct, ITargetField<TSelf, T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>The element in all lanes.</summary>
    static abstract TSelf Broadcast(in Fp12<Fp2<Fp>> element);

    /// <summary>
    /// Multiplies by lines b0 + b1 * v + b4 * v * w: each lane by the line in the same lane, or a single-lane target by the lines of all
    /// lanes.
    /// </summary>
    TSelf MultiplyByLines(in T b0, in T b1, in T b4);
}
