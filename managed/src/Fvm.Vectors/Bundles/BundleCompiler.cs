// All machine code of a bundle's actors, made at once.
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>Compiles all functions of all actors of a bundle, on several threads.</summary>
public static class BundleCompiler
{
    /// <summary>The code of a bundle's actors, each once, the largest first: then the last one that a thread has to do is small.</summary>
    /// <param name="where">What the error names.</param>
    /// <exception cref="InputException">The file holds no manifest, or not all code that it names.</exception>
    public static IReadOnlyList<byte[]> CodesOf(CarStore bundle, string where)
    {
        Manifest manifest;
        try
        {
            manifest = Manifest.LoadBundle(bundle, bundle.Roots[0], delegatedAddresses: false);
        }
        catch (Exception exception) when (exception is FatalException or ArgumentOutOfRangeException)
        {
            throw new InputException($"{where}: no bundle of actors: {exception.Message}", exception);
        }

        Dictionary<Cid, byte[]> codes = [];
        foreach (Cid code in manifest.Codes)
        {
            codes[code] = bundle.Get(code) ?? throw new InputException($"{where}: the code {code} is missing");
        }

        return [.. codes.Values.OrderByDescending(static code => code.Length)];
    }

    /// <summary>
    /// Decodes, validates, meters and compiles modules. What is in the engine's cache is taken from there, and the rest is put there.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="modules">Bytes of each module.</param>
    /// <param name="rules">What instructions cost.</param>
    /// <param name="threads">How many threads to use.</param>
    /// <exception cref="InvalidModuleException">One is not valid.</exception>
    public static BundleCompilation Compile(CompilerEngine engine, IReadOnlyList<byte[]> modules, MeteringRules rules, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        IWasmCode[] codes = new IWasmCode[modules.Count];
        try
        {
            // One by one: a range would give the large modules to one thread.
            int next = -1;
            Parallel.For(0, Math.Min(threads, codes.Length), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
            {
                for (int index; (index = Interlocked.Increment(ref next)) < codes.Length;)
                {
                    codes[index] = engine.Load(modules[index], rules);
                }
            });
            int compiled = CompilerEngine.CompileAll(codes, threads);
            return new BundleCompilation(
                codes.Length,
                codes.Sum(static code => code.Module.Bodies.Length),
                compiled,
                modules.Sum(static module => (long)module.Length),
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
