// CAR files as stores, with errors that say which file.
using Fvm.Ipld.Car;

namespace Fvm.Vectors;

/// <summary>Reads CAR files.</summary>
public static class CarBlocks
{
    // Files come from anywhere, and gzip packs nothing into very little.
    private const long MaxTotalLength = 4L << 30;

    private static readonly CarReadOptions Options = new() { MaxTotalLength = MaxTotalLength };

    /// <summary>Reads all blocks of a CAR file, packed with gzip or not.</summary>
    /// <param name="where">What the error names: a file, or a field of a vector.</param>
    /// <exception cref="InputException">It is truncated, or corrupt, or no CAR file.</exception>
    public static CarBlockstore Read(byte[] file, string where)
    {
        try
        {
            return CarBlockstore.Load(file, Options);
        }
        catch (CarException exception)
        {
            throw new InputException($"{where}: {exception.Message}", exception);
        }
    }
}
