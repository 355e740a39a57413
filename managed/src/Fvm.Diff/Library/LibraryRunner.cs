using System.Runtime.InteropServices;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Runs vectors on a library with the C interface and prints the results as a command of a comparison does, with traces in the order of the
/// interface. Meant for a process of its own: the library may end it.
/// </summary>
public sealed class LibraryRunner
{
    private readonly LibraryCalls _library;
    private readonly BundleCatalog _bundles;

    /// <param name="path">The library.</param>
    /// <param name="bundleDirectory">The folder of the actors' bundles.</param>
    /// <exception cref="Files.FileException">The library cannot be loaded.</exception>
    public LibraryRunner(string path, string? bundleDirectory)
    {
        HostSymbols.Load(HostCallbacks.All);
        _library = new LibraryCalls(new LibraryFunctions(path));
        _bundles = new BundleCatalog(bundleDirectory);
    }

    /// <summary>Runs vectors.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="output">Gets one line per vector that can be run.</param>
    /// <param name="errors">Gets why others cannot.</param>
    /// <param name="blocks">Gets the blocks that the flushes put; null if nobody needs them.</param>
    /// <returns>Whether all could be run.</returns>
    public bool Run(IEnumerable<VectorOrError> vectors, TextWriter output, TextWriter errors, NewBlocks? blocks)
    {
        bool all = true;
        int number = 0;
        foreach (VectorOrError entry in vectors)
        {
            try
            {
                Vector vector = entry.Vector ?? throw new InputException(entry.Error ?? "unreadable");
                foreach (VectorVariant variant in vector.Variants)
                {
                    LibraryHost host = new(vector, _bundles.Of(vector, variant));
                    PrintedOutcomes outcomes = Run(vector, variant, host);
                    if (Cid.TryParse(outcomes.StateRoot, out Cid root))
                    {
                        blocks?.Write(number, root, host.Written);
                    }

                    number++;
                    output.WriteLine(ResultJson.Outcomes(outcomes));
                    output.Flush();
                }
            }
            catch (InputException exception)
            {
                all = false;
                errors.WriteLine(exception.Message);
            }
        }

        return all;
    }

    private PrintedOutcomes Run(Vector vector, VectorVariant variant, LibraryHost host)
    {
        List<MessageOutcome> outcomes = [];
        GCHandle handle = GCHandle.Alloc(host);
        nint machine = 0;
        try
        {
            machine = _library.Create(vector, variant, (ulong)(nint)GCHandle.ToIntPtr(handle));
            foreach (VectorMessage message in vector.Messages)
            {
                outcomes.Add(_library.Execute(machine, message));
            }

            return new PrintedOutcomes(WithTraces(outcomes), _library.Flush(machine), null, IsTree: true);
        }
        catch (Exception exception) when (exception is LibraryException or CborException or MessageException)
        {
            return new PrintedOutcomes(WithTraces(outcomes), null, PrintableText.Of(exception.Message), IsTree: true);
        }
        finally
        {
            _library.Drop(machine);
            handle.Free();
        }
    }

    // A message that was refused has no trace; a library without tracing has none for any.
    private static List<MessageOutcome> WithTraces(List<MessageOutcome> outcomes) => outcomes.Any(static outcome => outcome.Trace is not null)
        ? [.. outcomes.Select(static outcome => outcome with { Trace = outcome.Trace ?? [] })]
        : outcomes;
}
