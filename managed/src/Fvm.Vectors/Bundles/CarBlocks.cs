using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Opens CAR files of version 1 or 2, uncompressed or compressed with gzip or Zstandard. Errors name the file.</summary>
public static class CarBlocks
{
    // A vector's CAR contains only what a few messages access, and many vectors are replayed at once.
    private const long MaxEmbeddedLength = 256L << 20;

    // One file may use 1/4 of the process's memory limit, for its blocks, its index or its decompressed data.
    private const int MemoryShare = 4;

    /// <summary>
    /// Opens a file. An uncompressed file of 256 MiB or more is indexed, and digests are verified when blocks are read; any other file is loaded
    /// into memory and verified, and may take a quarter of the process's memory limit.
    /// </summary>
    /// <exception cref="InputException">It is truncated, corrupt, not a CAR file, or too large once decompressed; the error names it.</exception>
    /// <exception cref="FileException">The file cannot be opened or read.</exception>
    public static CarStore Open(string path) => Open(path, path);

    /// <summary>As <see cref="Open(string)"/>, with another name for the file in errors about its content.</summary>
    public static CarStore Open(string path, string where) => Open(InputFile.Open(path), where);

    /// <summary>As <see cref="Open(string)"/>, for an open file positioned at its start; the store takes ownership of it.</summary>
    public static CarStore Open(FileStream file, string where)
    {
        CarReadOptions options = OptionsFor(file);
        return Name(where, () => CarStore.Open(file, options));
    }

    /// <summary>As <see cref="Open(string)"/>, but the index of a large file is kept on disk, and takes little memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where the index is kept if the file's own folder cannot be written to; null for nowhere.</param>
    /// <param name="report">Receives a line when the file is indexed, and about an index that cannot be kept.</param>
    public static CarStore OpenWithIndex(string path, string? folder, Action<string> report)
    {
        FileStream file = InputFile.Open(path);
        CarReadOptions options = OptionsFor(file);
        return Name(path, () =>
        {
            try
            {
                return CarStore.CanHaveIndex(file, options) && new CarIndexFiles(folder, report).Open(file, path, options) is CarIndex index
                    ? CarStore.Open(file, index, options)
                    : CarStore.Open(file, options);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
    }

    /// <summary>Copies all blocks of a CAR file of any length to a store, after verifying them.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <param name="store">The store.</param>
    /// <param name="where">The file's name in errors.</param>
    /// <returns>The roots.</returns>
    /// <exception cref="InputException">It is truncated, corrupt, or not a CAR file; what came before is in the store.</exception>
    /// <exception cref="BlockstoreException">The store failed.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static IReadOnlyList<Cid> CopyInto(FileStream file, IBlockstore store, string where) =>
        Name(where, () => CarBlockstore.LoadInto(file, store));

    /// <summary>Reads all blocks of a CAR file in memory, with the same bound as a file that is opened.</summary>
    /// <param name="file">The CAR file.</param>
    /// <param name="where">The file's name in errors.</param>
    /// <exception cref="InputException">It is truncated, corrupt, not a CAR file, or too large once decompressed.</exception>
    public static CarBlockstore ReadWhole(byte[] file, string where) => Name(
        where,
        () => CarBlockstore.Load(file, new CarReadOptions { MaxTotalLength = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare }));

    /// <summary>Reads all blocks of a CAR file embedded in another file.</summary>
    /// <param name="file">The CAR file; at most 256 MiB once decompressed.</param>
    /// <param name="where">The location in errors, such as a field of a vector.</param>
    /// <exception cref="InputException">It is truncated, corrupt, not a CAR file, or too large once decompressed.</exception>
    public static CarBlockstore Read(byte[] file, string where) =>
        Name(where, () => CarBlockstore.Load(file, new CarReadOptions { MaxTotalLength = MaxEmbeddedLength }));

    private static CarReadOptions OptionsFor(FileStream file)
    {
        long share = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare;
        CarReadOptions options = new() { MaxIndexBytes = share };
        long length = file.CanSeek ? file.Length : 0;
        return options with
        {
            MaxTotalLength = length >= options.IndexedFrom ? Math.Max(length, share) : share,
        };
    }

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
        catch (Exception exception) when (exception is not (FileException or BlockstoreException) && FileException.IsAboutFiles(exception))
        {
            throw new FileException(where, FileException.CauseOf(exception), exception);
        }
    }
}
