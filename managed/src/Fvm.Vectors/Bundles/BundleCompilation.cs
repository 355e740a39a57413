namespace Fvm.Vectors;

/// <summary>The result of compiling a bundle.</summary>
/// <param name="Actors">The number of modules.</param>
/// <param name="Functions">The number of functions they define.</param>
/// <param name="Compiled">The number of functions compiled; the others came from the cache.</param>
/// <param name="WasmBytes">The size of the modules, in bytes.</param>
/// <param name="CodeBytes">The size of the machine code, in bytes.</param>
/// <param name="Time">From the modules' bytes until every function can run and is in the cache, if there is one.</param>
public sealed record BundleCompilation(int Actors, int Functions, int Compiled, long WasmBytes, long CodeBytes, TimeSpan Time);
