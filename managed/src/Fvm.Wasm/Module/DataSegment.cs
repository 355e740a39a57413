namespace Fvm.Wasm;

/// <summary>
/// A segment of bytes for the memory: <paramref name="Start"/> and <paramref name="Length"/> are within <see cref="WasmModule.Bytes"/>.
/// </summary>
public readonly record struct DataSegment(SegmentMode Mode, ConstantExpression Offset, int Start, int Length);
