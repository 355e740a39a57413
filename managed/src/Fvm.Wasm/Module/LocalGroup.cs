namespace Fvm.Wasm;

/// <summary>One entry of a function's declaration of locals: that many of one type.</summary>
public readonly record struct LocalGroup(uint Count, ValueKind Type);
