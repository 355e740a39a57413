using System.Globalization;
using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// The folder for the new blocks of states, by which a command hands them to a comparison: <c>NUMBER.car</c> has those of the vector whose results
/// are on that line, counted from zero, and the new root.
/// </summary>
/// <param name="folder">The folder.</param>
public sealed class NewBlocks(string folder)
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "FVM_NEW_BLOCKS";

    private const long MaxBytes = 64 << 20;

    /// <summary>The folder that the environment names; null if it names none.</summary>
    public static NewBlocks? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? new NewBlocks(named) : null;

    /// <summary>Writes the blocks of one state.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Write(int number, Cid root, MemoryBlockstore blocks) =>
        AtomicFile.Write(PathOf(number), stream => CarFiles.Write(stream, root, blocks), durable: false);

    /// <summary>Reads the blocks of one state; null if they are not there, too large or not readable: whoever writes them need not.</summary>
    public IReadOnlyCollection<KeyValuePair<Cid, byte[]>>? Read(int number)
    {
        FileInfo file = new(PathOf(number));
        if (!file.Exists || file.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            return CarBlocks.Read(InputFile.ReadAllBytes(file.FullName), file.Name).Blocks;
        }
        catch (Exception exception) when (exception is InputException or FileException)
        {
            return null;
        }
    }

    private string PathOf(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number}.car"));
}
