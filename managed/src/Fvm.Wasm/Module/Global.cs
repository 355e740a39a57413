namespace Fvm.Wasm;

/// <summary>A global of the index space; <paramref name="Initial"/> is null for an import.</summary>
public readonly record struct Global(GlobalType Type, ConstantExpression? Initial);
