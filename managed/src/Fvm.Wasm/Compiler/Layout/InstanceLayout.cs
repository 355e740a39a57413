namespace Fvm.Wasm;

/// <summary>
/// Layout of an instance's context block, to whose start <see cref="CallingConvention.Context"/> points. All offsets are in bytes from that
/// start; machine code has them as displacements.
/// </summary>
internal sealed class InstanceLayout
{
    private const int GlobalSize = sizeof(ulong);

    /// <param name="module">A validated module: its tables are far smaller than 2^31 bytes.</param>
    public InstanceLayout(WasmModule module)
    {
        Imports = Globals + (GlobalSize * module.Globals.Length);
        DroppedData = Imports + (sizeof(int) * module.ImportedFunctionCount);
        DroppedElements = DroppedData + module.Data.Length;
        Size = DroppedElements + module.Elements.Length;
    }

    /// <summary>The engine's state: a <see cref="CompiledState"/>.</summary>
    public static int State => ContextOffset.Size;

    /// <summary>Globals, 8 bytes each.</summary>
    // Sound: only takes the size of a structure.
    public static unsafe int Globals => State + sizeof(CompiledState);

    /// <summary>The import map: the host function's number per imported function, 4 bytes each.</summary>
    public int Imports { get; }

    /// <summary>One byte per data segment: 1 once the segment is dropped.</summary>
    public int DroppedData { get; }

    /// <summary>As <see cref="DroppedData"/>, for element segments.</summary>
    public int DroppedElements { get; }

    /// <summary>Size of the block in bytes.</summary>
    public int Size { get; }

    public static int Global(int index) => Globals + (GlobalSize * index);
}
