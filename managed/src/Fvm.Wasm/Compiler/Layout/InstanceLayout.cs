namespace Fvm.Wasm;

/// <summary>
/// Where an instance has what belongs to it alone: one block, at whose beginning <see cref="CallingConvention.Context"/> points. Bytes from there;
/// machine code has these distances in its instructions.
/// </summary>
internal sealed class InstanceLayout
{
    private const int GlobalSize = sizeof(ulong);

    /// <param name="module">A module that was accepted: its tables are far smaller than what 31 bits can address.</param>
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

    /// <summary>The host's numbers of imported functions, 4 bytes each.</summary>
    public int Imports { get; }

    /// <summary>For each data segment a byte: 1 once it was dropped.</summary>
    public int DroppedData { get; }

    /// <summary>As <see cref="DroppedData"/>, for segments of elements.</summary>
    public int DroppedElements { get; }

    /// <summary>Bytes of the block.</summary>
    public int Size { get; }

    public static int Global(int index) => Globals + (GlobalSize * index);
}
