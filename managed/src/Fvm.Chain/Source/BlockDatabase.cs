using System.Runtime.InteropServices;
using Fvm.Files;
using Fvm.Ipld;
using LightningDB;

namespace Fvm.Chain;

/// <summary>
/// Blocks in an LMDB database, which several processes may use at the same time, with the heads of the chains that were imported. It grows
/// without bound. Thread-safe; a process opens a folder once.
/// </summary>
/// <remarks>
/// A block is verified against its CID when it is read, so that damage of the file hides blocks, but gives no wrong one; a block that was hidden
/// may be put again. The system's library is used: the one in LightningDB's package needs a newer C library than Debian 12 has.
/// </remarks>
public sealed class BlockDatabase : IBlockstore, IDisposable
{
    private const string Library = "liblmdb.so.0";
    private const string BlocksName = "blocks";
    private const string FactsName = "facts";

    // Address space only: the file grows as blocks are put.
    private const long MapBytes = 1L << 40;

    // Commands have at most 1024 workers.
    private const int MaxReaders = 1100;

    // Each commit waits for the disk.
    private const long BatchBytes = 16L << 20;
    private const int EntryOverhead = 128;

    private static readonly bool IsBound = BindLibrary();

    private readonly string _folder;
    private readonly LightningEnvironment _environment;
    private readonly LightningDatabase _blocks;
    private readonly LightningDatabase _facts;
    private readonly Lock _gate = new();
    private readonly Dictionary<Cid, byte[]> _pending = [];
    private long _pendingBytes;

    private BlockDatabase(string folder, LightningEnvironment environment, LightningDatabase blocks, LightningDatabase facts)
    {
        _folder = folder;
        _environment = environment;
        _blocks = blocks;
        _facts = facts;
    }

    private static ReadOnlySpan<byte> HeadsKey => "heads"u8;

    /// <summary>The number of blocks.</summary>
    /// <exception cref="BlockstoreException">The database failed.</exception>
    public long Count => Try(() =>
    {
        using LightningTransaction transaction = _environment.BeginTransaction(TransactionBeginFlags.ReadOnly);
        return transaction.GetEntriesCount(_blocks);
    });

    /// <summary>The blocks of the last tipset of the chain that was imported last; empty if there was none.</summary>
    /// <exception cref="BlockstoreException">The database failed.</exception>
    public IReadOnlyList<Cid> Heads
    {
        get => Try(() =>
        {
            using LightningTransaction transaction = _environment.BeginTransaction(TransactionBeginFlags.ReadOnly);
            return CidsOf(Read(transaction, _facts, HeadsKey) ?? []);
        });

        set => Try(() =>
        {
            Flush();
            using LightningTransaction transaction = _environment.BeginTransaction();
            transaction.Put(_facts, HeadsKey, [.. value.SelectMany(static cid => cid.ToBytes())]).ThrowOnError();
            return transaction.Commit().ThrowOnError();
        });
    }

    /// <summary>Opens a folder with a database; both are created if they do not exist.</summary>
    /// <exception cref="FileException">It cannot be used, or the system has no LMDB.</exception>
    public static BlockDatabase Open(string folder)
    {
        LightningEnvironment? environment = null;
        try
        {
            OwnFolder.Create(folder);
            EnvironmentConfiguration settings = new() { MapSize = MapBytes, MaxDatabases = 2, MaxReaders = MaxReaders };
            environment = IsBound ? new LightningEnvironment(folder, settings) : throw new DllNotFoundException(Library);
            environment.Open(EnvironmentOpenFlags.NoThreadLocalStorage, UnixAccessMode.OwnerRead | UnixAccessMode.OwnerWrite);
            using LightningTransaction transaction = environment.BeginTransaction();
            DatabaseConfiguration created = new() { Flags = DatabaseOpenFlags.Create };
            LightningDatabase blocks = transaction.OpenDatabase(BlocksName, created);
            LightningDatabase facts = transaction.OpenDatabase(FactsName, created);
            transaction.Commit().ThrowOnError();
            return new BlockDatabase(folder, environment, blocks, facts);
        }
        catch (Exception exception) when (CauseOf(exception) is string cause)
        {
            environment?.Dispose();
            throw new FileException(folder, cause, exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BlockstoreException">The database failed.</exception>
    public byte[]? Get(in Cid cid)
    {
        Cid wanted = cid;
        lock (_gate)
        {
            if (_pending.TryGetValue(cid, out byte[]? pending))
            {
                return pending;
            }
        }

        byte[]? block = Try(() =>
        {
            Span<byte> key = stackalloc byte[Cid.MaxByteLength];
            using LightningTransaction transaction = _environment.BeginTransaction(TransactionBeginFlags.ReadOnly);
            return Read(transaction, _blocks, key[..wanted.WriteTo(key)]);
        });
        return block is not null && BlockDigest.Matches(in cid, block) == true ? block : null;
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid) => Get(in cid) is not null;

    /// <summary>Stores a block: with others, when there are enough, or with <see cref="Flush"/>.</summary>
    /// <exception cref="BlockstoreException">The database failed.</exception>
    public void Put(in Cid cid, byte[] block)
    {
        lock (_gate)
        {
            if (_pending.TryAdd(cid, block))
            {
                _pendingBytes += block.Length + EntryOverhead;
            }

            if (_pendingBytes >= BatchBytes)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BlockstoreException">The database failed.</exception>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach ((Cid cid, byte[] block) in blocks)
        {
            Put(in cid, block);
        }
    }

    /// <summary>Writes what was put to the disk.</summary>
    /// <exception cref="BlockstoreException">The database failed.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            if (_pending.Count == 0)
            {
                return;
            }

            Try(() =>
            {
                Span<byte> key = stackalloc byte[Cid.MaxByteLength];
                using LightningTransaction transaction = _environment.BeginTransaction();
                foreach ((Cid cid, byte[] block) in _pending)
                {
                    transaction.Put(_blocks, key[..cid.WriteTo(key)], block).ThrowOnError();
                }

                return transaction.Commit().ThrowOnError();
            });
            _pending.Clear();
            _pendingBytes = 0;
        }
    }

    /// <summary>Writes what was put, if that succeeds, and closes the database.</summary>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        catch (BlockstoreException)
        {
            // Who has to know flushes before.
        }

        _environment.Dispose();
    }

    // The name that the bindings ask for is that of a package for developers.
    private static bool BindLibrary()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(LightningEnvironment).Assembly,
            static (name, _, _) => name == "lmdb" && NativeLibrary.TryLoad(Library, out nint found) ? found : 0);
        return true;
    }

    private static byte[]? Read(LightningTransaction transaction, LightningDatabase database, ReadOnlySpan<byte> key)
    {
        (MDBResultCode code, _, MDBValue value) = transaction.Get(database, key);
        return code.ThrowOnReadError() == MDBResultCode.NotFound ? null : value.CopyToNewArray();
    }

    private static List<Cid> CidsOf(ReadOnlySpan<byte> bytes)
    {
        List<Cid> cids = [];
        while (Cid.TryRead(bytes, out Cid cid, out int length))
        {
            cids.Add(cid);
            bytes = bytes[length..];
        }

        return cids;
    }

    private static string? CauseOf(Exception exception) => exception switch
    {
        LightningException failure => $"LMDB: {failure.Message}",
        DllNotFoundException => $"a store needs the library LMDB ({Library}): install liblmdb0",
        _ when FileException.IsAboutFiles(exception) => FileException.CauseOf(exception),
        _ => null,
    };

    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is not BlockstoreException && CauseOf(exception) is string cause)
        {
            throw new BlockstoreException($"{_folder}: {cause}", exception);
        }
    }
}
