using System.Diagnostics.CodeAnalysis;
using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// A machine's view of its client's blocks: those that it has read, those that the client shipped or sent on a guess, those of the cache shared by
/// all machines that the client has shown to have, then what the client answers. Whether a block exists is always the client's answer.
/// </summary>
/// <param name="client">Asks the client.</param>
/// <param name="session">What the client has shown to have, and how its guesses fare.</param>
/// <param name="guesses">Whether to ask for more than is wanted.</param>
internal sealed partial class ClientBlockstore(ClientBlocks client, SessionParts session, bool guesses) : ISharingBlockstore, IBlockView
{
    private readonly TwoGenerations<byte[]> _own = CachedBlockstore.NewOwn();
    private readonly Dictionary<Cid, byte[]> _shipped = [];
    private readonly GuessedBlocks _guessed = new(session.Bytes);

    private SharedBlockCache? _shared;
    private long _shippedBytes;

    /// <summary>The number of blocks asked for on a guess.</summary>
    public long Guessed { get; private set; }

    /// <summary>The number of those that were wanted later.</summary>
    public long GuessedRight { get; private set; }

    /// <summary>Uses a cache of other machines, too.</summary>
    public void UseCache(SharedBlockCache? cache) => _shared = cache;

    /// <summary>Keeps blocks that came with a call.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="field">The path of their field, for errors.</param>
    /// <exception cref="CallFault">A CID is malformed, or the session holds too many bytes.</exception>
    public void Ship(IEnumerable<Protocol.V1.Block> blocks, string field)
    {
        foreach (Protocol.V1.Block block in blocks)
        {
            Cid cid = FromClient.ToVerifiedCid(block, field);
            if (!_shipped.ContainsKey(cid))
            {
                session.Bytes.Add(block.Data.Length);
                _shippedBytes += block.Data.Length;
                _shipped.Add(cid, block.Data.ToByteArray());
            }
        }
    }

    /// <summary>Drops the blocks that came with calls or on guesses.</summary>
    public void Drop()
    {
        session.Bytes.Remove(_shippedBytes);
        _shippedBytes = 0;
        _shipped.Clear();
        _guessed.Clear();
    }

    /// <inheritdoc/>
    public bool TryPeek(in Cid cid, [NotNullWhen(true)] out byte[]? block) =>
        _own.TryGet(in cid, out block) || _shipped.TryGetValue(cid, out block) || _guessed.TryPeek(in cid, out block)
        || (_shared is not null && _shared.TryPeek(in cid, out block));

    /// <summary>Whether a block is in the shared cache alone, and the client has not shown to have it.</summary>
    public bool IsUnconfirmed(in Cid cid) =>
        !session.HasCompleteStore && !_own.Contains(in cid) && !_shipped.ContainsKey(cid) && !_guessed.TryPeek(in cid, out _)
        && !session.Known.Contains(in cid) && !session.Lacked.Contains(in cid);

    /// <summary>Whether asking for a block on a guess makes sense.</summary>
    public bool MayGuess(in Cid cid) => guesses && (!session.Lacked.Contains(in cid) || session.Known.Contains(in cid));

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        byte[]? block = Get(in cid, out CachedBlock? found);
        if (found is not null)
        {
            _own.Add(in cid, found.Bytes);
        }

        return block;
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid, out CachedBlock? found)
    {
        found = null;
        if (_own.TryGet(in cid, out byte[]? block) || _shipped.TryGetValue(cid, out block))
        {
            client.Calls.CacheHits++;
            NoteRead(in cid);
            return block;
        }

        if (TryTakeGuessed(in cid, out block))
        {
            client.Calls.CacheHits++;
            NoteRead(in cid);
            _shared?.Asked(in cid, block, isVerified: true);
        }
        else if (_shared is not null && _shared.TryGet(in cid, out CachedBlock? cached))
        {
            if (!IsConfirmed(in cid))
            {
                return null;
            }

            client.Calls.CacheHits++;
            NoteRead(in cid);
            found = cached;
            return cached.Bytes;
        }
        else
        {
            block = Ask(in cid);
            if (block is null)
            {
                return null;
            }

            NoteRead(in cid);
            _shared?.Asked(in cid, block, isVerified: true);
            NoteFamily(in cid, block);
        }

        _own.Add(in cid, block);
        return block;
    }

    /// <inheritdoc/>
    public void Share(CachedBlock known) => _shared?.Refine(known);

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        if (_own.Contains(in cid) || _shipped.ContainsKey(cid) || session.Known.Contains(in cid))
        {
            return true;
        }

        if (TryTakeGuessed(in cid, out byte[]? block))
        {
            _own.Add(in cid, block);
            return true;
        }

        return Confirm([cid])[0];
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        if (!session.Known.Contains(in cid))
        {
            KeyValuePair<Cid, byte[]> put = new(cid, block);
            Try(() => client.Put([put]));
            session.Known.Add(in cid);
        }
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        Try(() => client.Put(blocks));
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Cid cid = block.Key;
            session.Known.Add(in cid);
            _shared?.Keep(in cid, block.Value);
        }
    }

    /// <summary>Asks for blocks on a guess, and whether those exist that are here already, in one round trip.</summary>
    /// <param name="steps">The guesses.</param>
    /// <param name="unconfirmed">Blocks of the shared cache.</param>
    /// <param name="stored">A block to store by the way; null for none.</param>
    /// <returns>Whether the client has any of them.</returns>
    public bool Gather(IReadOnlyList<WalkStep> steps, IReadOnlyList<Cid> unconfirmed, KeyValuePair<Cid, byte[]>? stored)
    {
        GatheredAnswers answers = client.Gather([.. steps.Select(static step => step.Cid)], unconfirmed, stored);
        if (answers.IsStored && stored is KeyValuePair<Cid, byte[]> put)
        {
            Cid cid = put.Key;
            session.Known.Add(in cid);
        }

        for (int i = 0; i < steps.Count; i++)
        {
            TakeGuess(steps[i].Cid, steps[i].Kind, answers.Blocks?[i]);
        }

        for (int i = 0; i < unconfirmed.Count; i++)
        {
            Cid cid = unconfirmed[i];
            Note(in cid, answers.Exist?[i] == true);
        }

        bool found = Array.Exists(answers.Blocks ?? [], static block => block is not null)
            || Array.Exists(answers.Exist ?? [], static exists => exists);
        if (found)
        {
            session.Guesses.Asked();
        }

        return found;
    }

    private byte[]? Ask(in Cid cid)
    {
        session.Guesses.Asked();
        List<WalkStep> others = Others(in cid);
        Cid wanted = cid;
        byte[]?[] blocks = Try(() => client.Get(wanted, others));
        for (int i = 0; i < others.Count && i + 1 < blocks.Length; i++)
        {
            TakeGuess(others[i].Cid, others[i].Kind, blocks[i + 1]);
        }

        if (blocks[0] is byte[] block)
        {
            // Other clients' machines may see the block: from the shared cache, or as prepared code.
            if (BlockDigest.Matches(in cid, block) != true)
            {
                throw ClientHost.Mismatch($"the client answered a get of {cid} with another block");
            }

            session.Known.Add(in cid);
        }

        return blocks[0];
    }

    private void TakeGuess(in Cid cid, GuessKind kind, byte[]? block)
    {
        Guessed++;
        session.Guesses.Add(kind);
        if (block is null)
        {
            Note(in cid, exists: false);
        }
        else
        {
            _guessed.Add(in cid, block, kind);
        }
    }

    // A guess is verified before it is used. One that is another block is as if it had not been made.
    private bool TryTakeGuessed(in Cid cid, [NotNullWhen(true)] out byte[]? block)
    {
        if (!_guessed.TryTake(in cid, out block, out GuessKind kind)) return false;

        GuessedRight++;
        session.Guesses.AddRight(kind);
        session.Known.Add(in cid);
        NoteFamily(in cid, block);
        return true;
    }

    private bool IsConfirmed(in Cid cid)
    {
        if (session.HasCompleteStore || session.Known.Contains(in cid))
        {
            return true;
        }

        List<Cid> together = [cid];
        if (guesses)
        {
            AddBelow(together);
        }

        return Confirm(together)[0];
    }

    private bool[] Confirm(List<Cid> cids)
    {
        session.Guesses.Asked();
        bool[] exist = Try(() => client.Has(cids));
        for (int i = 0; i < exist.Length; i++)
        {
            Cid cid = cids[i];
            Note(in cid, exist[i]);
        }

        return exist;
    }

    private void Note(in Cid cid, bool exists)
    {
        (exists ? session.Known : session.Lacked).Add(in cid);
    }

    private void Try(Action ask) => Try(() =>
    {
        ask();
        return true;
    });

    // The machine, too, is to notice that its client fails.
    private T Try<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (BlockstoreException)
        {
            _own.Clear();
            _guessed.Clear();

            // Not the shared cache: other clients need it, and this one is asked again for each of its blocks.
            session.Known.Clear();
            throw;
        }
    }
}
