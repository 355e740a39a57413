namespace Fvm.Wasm;

/// <summary>The type of a global.</summary>
public readonly record struct GlobalType(ValueKind Type, bool Mutable);
