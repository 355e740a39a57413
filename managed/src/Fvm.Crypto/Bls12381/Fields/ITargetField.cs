// The operations of the pairing on its target field, whose elements have several layouts.
namespace Fvm.Crypto;

/// <summary>The extension Fp12, in one or several lanes.</summary>
internal interface ITargetField<TSelf>
    where TSelf : struct, ITargetField<TSelf>
{
    static abstract TSelf One { get; }

    /// <summary>The lanes that are one.</summary>
    int OneLanes { get; }

    static abstract TSelf operator *(in TSelf a, in TSelf b);

    TSelf Square();

    TSelf Invert();

    /// <summary>The image under Frobenius six times, and the inverse in the cyclotomic subgroup.</summary>
    TSelf Conjugate();

    /// <summary>This to the power p.</summary>
    TSelf Frobenius();

    /// <summary>This to the power p^2.</summary>
    TSelf FrobeniusSquare();

    /// <summary>The square of an element of the cyclotomic subgroup.</summary>
    TSelf CyclotomicSquare();

    /// <summary>This to the power |x|, the parameter of the curve, for an element of the cyclotomic subgroup.</summary>
    TSelf PowerOfParameter();
}

/// <summary>The target field of Miller's loop over points with coordinates in <typeparamref name="T"/>.</summary>
internal interface ITargetField<TSelf, T> : ITargetField<TSelf>
    where TSelf : struct, ITargetField<TSelf, T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>The same element in every lane.</summary>
    static abstract TSelf Broadcast(in Fp12<Fp2<Fp>> element);

    /// <summary>
    /// Times lines b0 + b1 * v + b4 * v * w: each lane by the line of the same lane, or a target of one lane by the lines of all lanes.
    /// </summary>
    TSelf MultiplyByLines(in T b0, in T b1, in T b4);
}
