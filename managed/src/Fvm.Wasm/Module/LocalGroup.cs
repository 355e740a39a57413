namespace Fvm.Wasm;

/// <summary>One entry of a function's local declarations: a number of locals of one type.</summary>
public readonly record struct LocalGroup(uint Count, ValueKind Type);
