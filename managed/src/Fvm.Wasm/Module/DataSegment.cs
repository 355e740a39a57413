namespace Fvm.Wasm;

/// <summary>
/// A data segment: its bytes are the range <paramref name="Start"/>, <paramref name="Length"/> of <see cref="WasmModule.Bytes"/>.
/// </summary>
public readonly record struct DataSegment(SegmentMode Mode, ConstantExpression Offset, int Start, int Length);
