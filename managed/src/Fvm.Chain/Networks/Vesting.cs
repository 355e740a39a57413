namespace Fvm.Chain;

/// <summary>A part of the genesis money that vests linearly.</summary>
/// <param name="Amount">The amount.</param>
/// <param name="Duration">The number of epochs until all is vested.</param>
internal readonly record struct Vesting(TokenAmount Amount, long Duration)
{
    /// <summary>The vested part.</summary>
    /// <param name="elapsed">Epochs since the start.</param>
    // In whole attoFIL per epoch, as the first multisig actor had it: the remainder of the division is vested from the beginning.
    public TokenAmount VestedAfter(long elapsed)
    {
        if (elapsed >= Duration)
        {
            return Amount;
        }

        return elapsed < 0 ? TokenAmount.Zero : Amount - TokenAmount.FromAtto(Amount.Atto / Duration * (Duration - elapsed));
    }
}
