// What compiling a bundle came to.
namespace Fvm.Vectors;

/// <summary>What compiling a bundle came to.</summary>
/// <param name="Actors">Modules.</param>
/// <param name="Functions">Functions that they define.</param>
/// <param name="Compiled">Those of them that were compiled; the others came from the cache.</param>
/// <param name="WasmBytes">Bytes of the modules.</param>
/// <param name="CodeBytes">Bytes of machine code.</param>
/// <param name="Time">From the modules' bytes until all can run, and is in the cache if there is one.</param>
public sealed record BundleCompilation(int Actors, int Functions, int Compiled, long WasmBytes, long CodeBytes, TimeSpan Time);
