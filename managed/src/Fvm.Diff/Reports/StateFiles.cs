using System.Globalization;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Writes the states of a difference as CAR files, <c>NUMBER.a.car</c> and <c>NUMBER.b.car</c>: the new root with the blocks that the side
/// wrote, and those of the vector, which it shares with the state before.
/// </summary>
public sealed class StateFiles(string folder)
{
    private int _number;

    /// <summary>Writes the states that a comparison has; returns the paths of the files.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public IReadOnlyList<string> Write(VectorComparison comparison)
    {
        if (comparison.StateA is null && comparison.StateB is null)
        {
            return [];
        }

        Directory.CreateDirectory(folder);
        _number++;
        List<string> paths = [];
        foreach ((StateOfSide? state, string side) in (ReadOnlySpan<(StateOfSide?, string)>)[(comparison.StateA, "a"), (comparison.StateB, "b")])
        {
            if (state is null)
            {
                continue;
            }

            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{_number:000}.{side}.car"));
            MemoryBlockstore blocks = new();
            blocks.PutMany(CarBlocks.Read(comparison.Case!.Vector.Car, "car").Blocks);
            blocks.PutMany(state.Written);
            AtomicFile.Write(path, stream => CarFiles.Write(stream, state.Root, blocks));
            paths.Add(path);
        }

        return paths;
    }
}
