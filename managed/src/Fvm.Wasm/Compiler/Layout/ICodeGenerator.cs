namespace Fvm.Wasm;

/// <summary>
/// The seam to a processor: makes the machine code of one module. Nothing above it (<c>Code/</c>, <c>Instances/</c> and the engine) knows
/// which processor that is; below it lie its instructions, its calling convention, its stubs and the translation that writes instructions
/// as it reads Wasm. What generator and segment agree on are <see cref="SegmentLayout"/> and <see cref="InstanceLayout"/>.
/// <para>A second tier fits here too: functions are called through slots, so a tier is a generator whose functions are published to the
/// slots of the same segment and keep the calling convention of its stubs; the next call enters them.</para>
/// </summary>
internal interface ICodeGenerator
{
    /// <summary>Writes the code at the start of the segment, and notes in the segment's layout where what is.</summary>
    SegmentStubs WriteStubs();

    /// <summary>Makes a compiler of functions. Several may work at the same time, each on one thread at a time.</summary>
    IFunctionCompiler CreateCompiler();
}
