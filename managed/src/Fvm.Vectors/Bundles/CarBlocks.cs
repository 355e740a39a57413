// CAR files as stores, with errors that say which file.
using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Opens CAR files: of version 1 or 2, plain or packed with gzip or Zstandard.</summary>
public static class CarBlocks
{
    // A vector's own CAR holds what a few messages touch, and many vectors are replayed at once.
    private const long MaxEmbeddedLength = 256L << 20;

    // What one file may take of the memory that the process may use: held blocks, an index, or what it unpacks to.
    private const int MemoryShare = 4;

    /// <summary>
    /// Opens a file. One that is not packed and of 256 MiB or more is indexed, and its digests are checked when blocks are read; of any
    /// other all blocks are held in memory, checked, and may take a quarter of the memory that the process may use.
    /// </summary>
    /// <exception cref="InputException">It is truncated, or corrupt, or no CAR file, or unpacks to too much; the message names the file.</exception>
    /// <exception cref="FileException">The file cannot be opened or read.</exception>
    public static CarStore Open(string path) => Open(path, path);

    /// <summary>As <see cref="Open(string)"/>, with another name for the file in messages about what it holds.</summary>
    public static CarStore Open(string path, string where) => Open(InputFile.Open(path), where);

    /// <summary>As <see cref="Open(string)"/>, of a file that is open, at its start, and goes over to the store.</summary>
    public static CarStore Open(FileStream file, string where)
    {
        long share = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare;
        CarReadOptions options = new() { MaxIndexBytes = share };
        long length = file.CanSeek ? file.Length : 0;
        options = options with
        {
            MaxTotalLength = length >= options.IndexedFrom ? Math.Max(length, share) : share,
        };
        return Name(where, () => CarStore.Open(file, options));
    }

    /// <summary>Reads all blocks of a CAR file that is part of another file.</summary>
    /// <param name="file">The CAR file; unpacked it may have 256 MiB.</param>
    /// <param name="where">What the error names, such as a field of a vector.</param>
    /// <exception cref="InputException">It is truncated, or corrupt, or no CAR file, or unpacks to too much.</exception>
    public static CarBlockstore Read(byte[] file, string where) =>
        Name(where, () => CarBlockstore.Load(file, new CarReadOptions { MaxTotalLength = MaxEmbeddedLength }));

    private static T Name<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CarException exception)
        {
            throw new InputException($"{where}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is not FileException && FileException.IsAboutFiles(exception))
        {
            throw new FileException(where, FileException.CauseOf(exception), exception);
        }
    }
}
