namespace Fvm.Wasm;

/// <summary>The gas charges and the stack cost of one function. Immutable.</summary>
public sealed class FunctionMetering
{
    private readonly BlockCharge[] _blocks;
    private readonly LinearCharge[] _linear;

    internal FunctionMetering(BlockCharge[] blocks, LinearCharge[] linear, uint stackCost)
    {
        _blocks = blocks;
        _linear = linear;
        StackCost = stackCost;
    }

    /// <summary>Charges of metered blocks, in ascending order of offset, one per offset. Some may lie in unreachable code.</summary>
    public ReadOnlySpan<BlockCharge> Blocks => _blocks;

    /// <summary>Charges in proportion to an operand, in ascending order of offset, one per offset.</summary>
    public ReadOnlySpan<LinearCharge> Linear => _linear;

    /// <summary>Stack height, in values, that a call of this function takes until it returns. At least 2.</summary>
    public uint StackCost { get; }
}
