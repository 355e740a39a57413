using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>Changes of a chain, in the order in which they happened, as a block of a saved chain has them. One thread uses it.</summary>
internal sealed class ChainChanges
{
    private readonly CborWriter _writer = new();

    /// <summary>The number of changes.</summary>
    public int Count { get; private set; }

    /// <summary>The length, in bytes.</summary>
    public int Length => _writer.Length;

    /// <summary>A block behind the head; the first block of an empty chain.</summary>
    public void Append(LocalBlock block)
    {
        Begin(ChangeKind.Append);
        _writer.WriteBytes(BlockRecord.Encode(block));
    }

    /// <summary>The head with another state behind it.</summary>
    public void ReplaceHead(LocalBlock block)
    {
        Begin(ChangeKind.ReplaceHead);
        _writer.WriteBytes(BlockRecord.Encode(block));
    }

    /// <summary>The blocks behind a number are taken off.</summary>
    public void Truncate(ulong number)
    {
        Begin(ChangeKind.Truncate);
        _writer.WriteUInt(number);
    }

    /// <summary>A message that waits.</summary>
    public void AddWaiting(PoolMessage message)
    {
        Begin(ChangeKind.AddWaiting);
        _writer.WriteArrayHeader(6);
        _writer.WriteBytes(message.Hash.ToBytes());
        BlockRecord.WriteChainMessage(_writer, message.Message);
        _writer.WriteBool(message.Transaction is not null);
        _writer.WriteBool(message.Unchecked);

        // Only a BLS signature is not in the message as blocks have it.
        WriteOptional(message.Signature is ChainSignature signature && message.Message.Signature is null ? signature.Data.ToArray() : null);
    }

    /// <summary>A message waits no longer.</summary>
    public void RemoveWaiting(EthHash hash)
    {
        Begin(ChangeKind.RemoveWaiting);
        _writer.WriteBytes(hash.ToBytes());
    }

    /// <summary>What is settled about the next block.</summary>
    public void SetNext(NextBlock next)
    {
        Begin(ChangeKind.SetNext);
        _writer.WriteArrayHeader(4);
        WriteOptional(next.BaseFee?.ToBytes());
        WriteOptional(next.Timestamp);
        WriteOptional(next.Interval);
        _writer.WriteInt(next.ClockOffset);
    }

    /// <summary>The end of a whole chain.</summary>
    public void End()
    {
        Begin(ChangeKind.End);
        _writer.WriteNull();
    }

    /// <summary>The block with these changes; none are left.</summary>
    /// <param name="before">The CID of the one before.</param>
    public byte[] Take(in Cid before)
    {
        CborWriter block = new(_writer.Length + 64);
        block.WriteArrayHeader(2);
        block.WriteBytes(before.ToBytes());
        block.WriteArrayHeader(Count);
        block.WriteRaw(_writer.WrittenSpan);
        _writer.Reset();
        Count = 0;
        return block.ToArray();
    }

    private void Begin(ChangeKind kind)
    {
        Count++;
        _writer.WriteArrayHeader(2);
        _writer.WriteUInt((ulong)kind);
    }

    private void WriteOptional(byte[]? bytes)
    {
        if (bytes is null)
        {
            _writer.WriteNull();
        }
        else
        {
            _writer.WriteBytes(bytes);
        }
    }

    private void WriteOptional(ulong? number)
    {
        if (number is ulong given)
        {
            _writer.WriteUInt(given);
        }
        else
        {
            _writer.WriteNull();
        }
    }
}
