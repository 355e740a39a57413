namespace Fvm.Wasm.Fuzz;

/// <summary>A case on which engines differ.</summary>
/// <param name="Seed">The case's number.</param>
/// <param name="Module">A module that shows it, minimised.</param>
/// <param name="Difference">The first observation that differs, the reference's first.</param>
public sealed record FuzzFind(ulong Seed, byte[] Module, string Difference);
