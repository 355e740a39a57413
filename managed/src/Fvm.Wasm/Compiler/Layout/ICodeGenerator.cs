namespace Fvm.Wasm;

/// <summary>
/// The interface to a target processor: generates the machine code of one module. The layers above (<c>Code/</c>, <c>Instances/</c> and the
/// engine) are independent of the processor. Below are its instruction set, calling convention, stubs, and the one-pass translation from Wasm
/// to its instructions. Generator and segment share <see cref="SegmentLayout"/> and <see cref="InstanceLayout"/>.
/// <para>A second tier fits here too: functions are called through slots, so a tier is a generator that publishes its functions to the slots
/// of the same segment and follows the calling convention of its stubs; the next call enters the new code.</para>
/// </summary>
internal interface ICodeGenerator
{
    /// <summary>Writes the stubs at the start of the segment, and records their positions in the segment's layout.</summary>
    SegmentStubs WriteStubs();

    /// <summary>Creates a function compiler. Several can work concurrently, each on one thread at a time.</summary>
    IFunctionCompiler CreateCompiler();
}
