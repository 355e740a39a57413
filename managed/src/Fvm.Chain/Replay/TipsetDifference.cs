namespace Fvm.Chain;

/// <summary>A result that differs from the chain's.</summary>
/// <param name="What">The result, or the place in it.</param>
/// <param name="Ours">Our result.</param>
/// <param name="Expected">The chain's.</param>
public sealed record TipsetDifference(string What, string Ours, string Expected)
{
    public override string ToString() => $"{What}: {Ours}, the chain has {Expected}";
}
