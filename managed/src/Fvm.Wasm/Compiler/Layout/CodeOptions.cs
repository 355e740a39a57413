namespace Fvm.Wasm;

/// <summary>What machine code depends on beside the module and its metering.</summary>
/// <param name="VectorSize">Size of the widest vectors, in bytes: 16, 32 (AVX) or 64 (AVX-512).</param>
/// <param name="Stoppable">See <see cref="CompilerOptions.Stoppable"/>.</param>
/// <param name="IsGuarded">Whether loads and stores are without bounds checks, for memories with <see cref="GuardPages"/>.</param>
internal readonly record struct CodeOptions(int VectorSize, bool Stoppable = false, bool IsGuarded = false);
