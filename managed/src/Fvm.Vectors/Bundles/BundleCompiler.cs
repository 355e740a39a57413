using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>Compiles all functions of all actors of a bundle, on several threads.</summary>
public static class BundleCompiler
{
    /// <summary>The Wasm code of a bundle's actors, without duplicates, largest first: so the last module a thread gets is small.</summary>
    /// <param name="where">The file's name in errors.</param>
    /// <exception cref="InputException">The file has no manifest, or code that it names is missing.</exception>
    public static IReadOnlyList<KeyValuePair<Cid, byte[]>> CodesOf(CarStore bundle, string where)
    {
        Manifest manifest;
        try
        {
            manifest = Manifest.LoadBundle(bundle, bundle.Roots[0], delegatedAddresses: false);
        }
        catch (Exception exception) when (exception is FatalException or ArgumentOutOfRangeException)
        {
            throw new InputException($"{where}: not a bundle of actors: {exception.Message}", exception);
        }

        Dictionary<Cid, byte[]> codes = [];
        foreach (Cid code in manifest.Codes)
        {
            codes[code] = bundle.Get(code) ?? throw new InputException($"{where}: the code {code} is missing");
        }

        return [.. codes.OrderByDescending(static code => code.Value.Length)];
    }

    /// <summary>
    /// Decodes, validates, meters and compiles modules. Modules in the engine's cache are loaded from it, the others are added to it.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="modules">The Wasm of each module, by its CID.</param>
    /// <param name="rules">The network version, for its limits and instruction costs.</param>
    /// <param name="threads">The number of threads.</param>
    /// <exception cref="InvalidModuleException">A module is invalid.</exception>
    public static BundleCompilation Compile(CompilerEngine engine, IReadOnlyList<KeyValuePair<Cid, byte[]>> modules, NetworkRules rules, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        IWasmCode[] codes = new IWasmCode[modules.Count];
        try
        {
            // One module at a time: contiguous ranges would give all large modules to one thread.
            int next = -1;
            Parallel.For(0, Math.Min(threads, codes.Length), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
            {
                for (int index; (index = Interlocked.Increment(ref next)) < codes.Length;)
                {
                    codes[index] = engine.Load(
                        modules[index].Value, rules.Modules, rules.Metering, CodeName.Of(modules[index].Key));
                }
            });
            int compiled = CompilerEngine.CompileAll(codes, threads);
            return new BundleCompilation(
                codes.Length,
                codes.Sum(static code => code.Module.Bodies.Length),
                compiled,
                modules.Sum(static module => (long)module.Value.Length),
                codes.Sum(CompilerEngine.MachineCodeSize),
                Stopwatch.GetElapsedTime(start));
        }
        catch (AggregateException exception) when (exception.InnerException is InvalidModuleException invalid)
        {
            ExceptionDispatchInfo.Throw(invalid);
            throw;
        }
        finally
        {
            Array.ForEach(codes, static code => code?.Dispose());
        }
    }
}
