namespace Fvm.Wasm;

/// <summary>Makes an engine that is not among <see cref="WasmEngines"/>: of another project, which a program has to ask for.</summary>
/// <param name="options">The settings that the compiler would get.</param>
/// <returns>The engine; the caller disposes of it.</returns>
/// <exception cref="EngineUnavailableException">Something that the engine needs is not there.</exception>
public delegate IWasmEngine EngineMaker(CompilerOptions options);
