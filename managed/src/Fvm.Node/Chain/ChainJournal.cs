using Fvm.Files;
using Fvm.Ipld;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Node;

/// <summary>
/// A chain in a folder, which one node at a time uses: a file that is appended to, and replaced as a whole from time to time. A node that is killed
/// goes on from what it has acknowledged; after a power failure, from something earlier.
/// </summary>
internal sealed class ChainJournal : IDisposable
{
    private const string FileName = "chain.car";
    private const string LockName = "lock";

    // A file is replaced when it is this much larger than a new one would be.
    private const long LeastWaste = 64L << 20;

    private readonly string _path;
    private readonly ChainIdentity _identity;
    private readonly FileStream _lock;
    private SafeFileHandle? _file;
    private long _end;
    private long _rewriteAt;
    private Cid _last;

    private ChainJournal(string folder, ChainIdentity identity, FileStream taken)
    {
        _path = Path.Combine(folder, FileName);
        _identity = identity;
        _lock = taken;
    }

    /// <summary>Whether the file should be replaced.</summary>
    public bool IsWasteful => _end > _rewriteAt;

    /// <summary>Takes a folder, which is created if it does not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="identity">Which chain is wanted.</param>
    /// <param name="historyBytes">The most memory of old blocks.</param>
    /// <param name="below">Blocks that are not saved; null for none.</param>
    /// <param name="saved">The chain in it; null if there is none yet.</param>
    /// <exception cref="FileException">Another node uses it, or what is in it is unusable.</exception>
    public static ChainJournal Open(string folder, ChainIdentity identity, long historyBytes, IBlockstore? below, out SavedChain? saved)
    {
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(folder);
            taken = Lock(folder);
            ChainJournal journal = new(folder, identity, taken);
            saved = journal.Load(historyBytes, below);
            return journal;
        }
        catch (Exception exception) when (exception is not FileException && FileException.IsAboutFiles(exception))
        {
            taken?.Dispose();
            throw new FileException(folder, FileException.CauseOf(exception), exception);
        }
        catch
        {
            taken?.Dispose();
            throw;
        }
    }

    /// <summary>Appends changes. Once it has failed, the file is not usable by this object.</summary>
    /// <exception cref="FileException">It cannot be written.</exception>
    public void Append(IReadOnlyList<KeyValuePair<Cid, byte[]>> blocks, ChainChanges changes)
    {
        byte[] block = changes.Take(_last);
        Cid cid = ChainIdentity.CidOf(block);
        using MemoryStream group = new();
        foreach ((Cid each, byte[] bytes) in blocks)
        {
            CarWriter.Append(group, each, bytes);
        }

        CarWriter.Append(group, cid, block);
        try
        {
            RandomAccess.Write(_file!, group.GetBuffer().AsSpan(0, (int)group.Length), _end);
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            throw new FileException(_path, FileException.CauseOf(exception), exception);
        }

        _end += group.Length;
        _last = cid;
    }

    /// <summary>Replaces the file by a whole chain.</summary>
    /// <param name="write">Writes it, and returns the CID of its last changes.</param>
    /// <exception cref="FileException">It cannot be written.</exception>
    public void Replace(Func<Stream, Cid> write)
    {
        AtomicFile.Write(_path, stream => _last = write(stream), privately: true);
        Reopen();
        _rewriteAt = (2 * _end) + LeastWaste;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new FileException(folder, "another node uses it: end that one, or name another folder", exception);
        }
    }

    private SavedChain? Load(long historyBytes, IBlockstore? below)
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        SavedChain saved;
        try
        {
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            saved = SavedChain.Read(stream, long.MaxValue, _identity, historyBytes, below, mayBeCut: true);
        }
        catch (FormatException exception)
        {
            throw new FileException(_path, $"the saved chain cannot be used: {exception.Message}", exception);
        }

        Reopen();
        _last = saved.Last;
        if (saved.Length < _end)
        {
            // The group that was being written when the node was killed.
            RandomAccess.SetLength(_file!, saved.Length);
            _end = saved.Length;
        }

        _rewriteAt = (2 * _end) + LeastWaste;
        return saved;
    }

    private void Reopen()
    {
        _file?.Dispose();
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        _end = RandomAccess.GetLength(_file);
    }
}
