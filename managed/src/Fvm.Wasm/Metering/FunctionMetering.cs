namespace Fvm.Wasm;

/// <summary>Where one function charges gas, and what it counts on the limited stack. Immutable.</summary>
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

    /// <summary>Charges by instruction, in ascending order of offset, at most one an offset. Some may lie in unreachable code.</summary>
    public ReadOnlySpan<BlockCharge> Blocks => _blocks;

    /// <summary>Charges by operand, in ascending order of offset, at most one an offset.</summary>
    public ReadOnlySpan<LinearCharge> Linear => _linear;

    /// <summary>Values that a call of this function adds to the stack height until it returns. At least 2.</summary>
    public uint StackCost { get; }
}
