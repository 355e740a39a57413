using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>The client's blocks: those that it shipped with its calls, then what it answers.</summary>
internal sealed class ClientBlockstore(ClientHost host, SessionBytes bytes) : IBlockstore
{
    // Of a frame of puts, unless one block is larger.
    private const int MaxPutBytes = 4 << 20;

    private readonly Dictionary<Cid, byte[]> _shipped = [];
    private long _shippedBytes;

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
                bytes.Add(block.Data.Length);
                _shippedBytes += block.Data.Length;
                _shipped.Add(cid, block.Data.ToByteArray());
            }
        }
    }

    /// <summary>Drops the blocks that came with calls.</summary>
    public void DropShipped()
    {
        bytes.Remove(_shippedBytes);
        _shippedBytes = 0;
        _shipped.Clear();
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        if (_shipped.TryGetValue(cid, out byte[]? shipped))
        {
            host.Calls.CacheHits++;
            return shipped;
        }

        host.Calls.Blocks++;
        Callback question = new() { GetBlocks = new GetBlocks { Cids = { ToClient.Bytes(in cid) } } };
        List<CallbackAnswer> answers = AskOf(question, CallbackAnswer.AnswerOneofCase.Blocks);
        MaybeBlock[] blocks = [.. answers.SelectMany(static answer => answer.Blocks.Blocks)];
        if (blocks.Length != 1)
        {
            throw ClientHost.Mismatch($"the client answered a get of 1 block with {blocks.Length}");
        }

        if (!blocks[0].HasData)
        {
            return null;
        }

        // Other clients' machines may see the block: from the shared cache, or as prepared code.
        return BlockDigest.Matches(in cid, blocks[0].Data.Span) == true
            ? blocks[0].Data.ToByteArray()
            : throw ClientHost.Mismatch($"the client answered a get of {cid} with another block");
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        if (_shipped.ContainsKey(cid))
        {
            return true;
        }

        host.Calls.Blocks++;
        Callback question = new() { HasBlocks = new HasBlocks { Cids = { ToClient.Bytes(in cid) } } };
        ExistenceAnswer answer = AskOf(question, CallbackAnswer.AnswerOneofCase.Existence)[^1].Existence;
        return answer.Exists.Count == 1
            ? answer.Exists[0]
            : throw ClientHost.Mismatch($"the client answered a question for 1 block with {answer.Exists.Count}");
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block) => PutMany([new(cid, block)]);

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        PutBlocks batch = new();
        int length = 0;
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            if (batch.Blocks.Count > 0 && length + block.Value.Length > MaxPutBytes)
            {
                Send(batch);
                batch = new PutBlocks();
                length = 0;
            }

            Cid cid = block.Key;
            batch.Blocks.Add(new Protocol.V1.Block { Cid = ToClient.Bytes(in cid), Data = UnsafeByteOperations.UnsafeWrap(block.Value) });
            length += block.Value.Length;
        }

        if (batch.Blocks.Count > 0)
        {
            Send(batch);
        }
    }

    private void Send(PutBlocks batch)
    {
        host.Calls.Blocks++;
        AskOf(new Callback { PutBlocks = batch }, CallbackAnswer.AnswerOneofCase.Stored);
    }

    // A store reports its failures by its own exception.
    private List<CallbackAnswer> AskOf(Callback question, CallbackAnswer.AnswerOneofCase wanted)
    {
        try
        {
            return host.AskForParts(question, wanted);
        }
        catch (ExternException e)
        {
            throw new BlockstoreException(e.Message, e);
        }
    }
}
