namespace Fvm.Wasm.Fuzz;

/// <summary>A case on which the engines differ.</summary>
/// <param name="Seed">The seed of the case.</param>
/// <param name="Module">A minimised module that reproduces the difference.</param>
/// <param name="Difference">The first differing observation, the reference's first.</param>
internal sealed record FuzzFind(ulong Seed, byte[] Module, string Difference);
