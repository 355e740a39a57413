// Compares the compiler with the interpreter on random modules: see scripts/fuzz-engines.
using Fvm.Wasm.Fuzz;

return FuzzOptions.Parse(args) is FuzzOptions options ? FuzzCommand.Run(options, Console.Out) : FuzzOptions.Explain(Console.Error);
