using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>A block with its messages and their results as bytes (CBOR): what old blocks are kept as.</summary>
internal static class BlockRecord
{
    private const int BlockFields = 5;
    private const int MessageFields = 23;

    // Before it was recorded which messages were executed without checks.
    private const int FirstMessageFields = 22;

    /// <summary>Encodes a block.</summary>
    public static byte[] Encode(LocalBlock block)
    {
        CborWriter writer = new(1_024);
        writer.WriteArrayHeader(BlockFields);
        writer.WriteArrayHeader(block.Tipset.Blocks.Count);
        foreach (BlockHeader header in block.Tipset.Blocks)
        {
            writer.WriteBytes(header.Encode());
        }

        writer.WriteCid(block.State);
        writer.WriteCid(block.Receipts);
        writer.WriteBytes(block.NextBaseFee.ToBytes());
        writer.WriteArrayHeader(block.Messages.Count);
        foreach (LocalMessage message in block.Messages)
        {
            WriteMessage(writer, message);
        }

        return writer.ToArray();
    }

    /// <summary>Decodes a block.</summary>
    /// <exception cref="FormatException">The bytes are none.</exception>
    public static LocalBlock Decode(ReadOnlySpan<byte> bytes, ulong chainId)
    {
        CborReader reader = new(bytes, CborRules.Canonical);
        reader.ReadArrayHeader(BlockFields);
        int count = reader.ReadArrayHeader();
        List<BlockHeader> headers = [];
        for (int i = 0; i < count; i++)
        {
            headers.Add(BlockHeader.Decode(reader.ReadBytes()));
        }

        Tipset tipset = Tipset.Create(headers);
        Cid state = reader.ReadCid();
        Cid receipts = reader.ReadCid();
        TokenAmount fee = ReadAmount(ref reader);
        count = reader.ReadArrayHeader();
        List<LocalMessage> messages = [];
        ulong gas = 0;
        int logs = 0;
        for (int i = 0; i < count; i++)
        {
            LocalMessage message = ReadMessage(ref reader, chainId, i, gas, logs);
            gas = message.CumulativeGas;
            logs += message.Logs.Count;
            messages.Add(message);
        }

        reader.EnsureEnd();
        return new LocalBlock
        {
            Tipset = tipset,
            Hash = EthHash.OfCid(tipset.ToCid()),
            State = state,
            Receipts = receipts,
            Messages = messages,
            NextBaseFee = fee,
        };
    }

    /// <summary>Writes a message of a block or of the pool.</summary>
    public static void WriteChainMessage(CborWriter writer, ChainMessage message)
    {
        writer.WriteBool(message.Signature is not null);
        writer.WriteBytes(message.Encode());
    }

    /// <summary>Reads a message of a block or of the pool.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static ChainMessage ReadChainMessage(ref CborReader reader)
    {
        bool signed = reader.ReadBool();
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, bytes);
        try
        {
            return signed ? ChainMessage.DecodeSigned(cid, bytes) : ChainMessage.DecodeUnsigned(cid, bytes);
        }
        catch (MessageException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>The transaction that a message is.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static EthTransaction TransactionOf(ChainMessage message, ulong chainId)
    {
        try
        {
            return message.Signature is ChainSignature signature
                ? EthTransaction.FromMessage(message.Message, signature, chainId)
                : throw new FormatException("a transaction lacks its signature");
        }
        catch (EthereumException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    private static void WriteMessage(CborWriter writer, LocalMessage message)
    {
        ApplyRet ret = message.Ret;
        writer.WriteArrayHeader(MessageFields);
        writer.WriteBytes(message.Hash.ToBytes());
        WriteChainMessage(writer, message.Message);
        writer.WriteBool(message.Transaction is not null);
        writer.WriteUInt(ret.Receipt.ExitCode.Value);
        writer.WriteBytes(ret.Receipt.ReturnData.Span);
        writer.WriteUInt(ret.Receipt.GasUsed);
        WriteOptional(writer, ret.Receipt.EventsRoot is Cid root ? root.ToBytes() : null);
        foreach (TokenAmount amount in (ReadOnlySpan<TokenAmount>)[ret.Penalty, ret.MinerTip, ret.BaseFeeBurn, ret.OverEstimationBurn, ret.Refund])
        {
            writer.WriteBytes(amount.ToBytes());
        }

        writer.WriteUInt(ret.GasRefund);
        writer.WriteUInt(ret.GasBurned);
        WriteOptional(writer, ret.Failure is string failure ? System.Text.Encoding.UTF8.GetBytes(failure) : null);

        // Codecs are far below the largest number, so that zero is free for none.
        writer.WriteUInt(ret.ReturnCodec is ulong codec ? codec + 1 : 0);
        writer.WriteBytes(message.From.ToBytes());
        WriteOptional(writer, message.To?.ToBytes());
        WriteOptional(writer, message.Created?.ToBytes());
        writer.WriteArrayHeader(ret.Events.Count);
        foreach (StampedEvent stamped in ret.Events)
        {
            writer.WriteBytes(stamped.Encoded.Span);
        }

        writer.WriteArrayHeader(message.Logs.Count);
        foreach (LocalLog log in message.Logs)
        {
            writer.WriteBytes(log.Address.ToBytes());
        }

        writer.WriteBool(message.IsUnchecked);
    }

    private static LocalMessage ReadMessage(ref CborReader reader, ulong chainId, int index, ulong gas, int logs)
    {
        int fields = reader.ReadArrayHeader();
        if (fields is not (MessageFields or FirstMessageFields))
        {
            throw new FormatException($"a message has {fields} fields: expected {MessageFields}");
        }

        EthHash hash = new(Exactly(reader.ReadBytes(), EthHash.Length));
        ChainMessage message = ReadChainMessage(ref reader);
        EthTransaction? transaction = reader.ReadBool() ? TransactionOf(message, chainId) : null;
        Receipt receipt = new()
        {
            ExitCode = new ExitCode(reader.ReadUInt32()),
            ReturnData = reader.ReadBytes().ToArray(),
            GasUsed = reader.ReadUInt(),
            EventsRoot = ReadOptional(ref reader) is byte[] root ? ReadCid(root) : null,
        };
        ApplyRet ret = new()
        {
            Receipt = receipt,
            Penalty = ReadAmount(ref reader),
            MinerTip = ReadAmount(ref reader),
            BaseFeeBurn = ReadAmount(ref reader),
            OverEstimationBurn = ReadAmount(ref reader),
            Refund = ReadAmount(ref reader),
            GasRefund = reader.ReadUInt(),
            GasBurned = reader.ReadUInt(),
            Failure = ReadOptional(ref reader) is byte[] failure ? System.Text.Encoding.UTF8.GetString(failure) : null,
            ReturnCodec = reader.ReadUInt() is ulong codec and not 0 ? codec - 1 : null,
        };
        EthAddress from = ReadAddress(reader.ReadBytes());
        EthAddress? to = ReadOptional(ref reader) is byte[] receiver ? ReadAddress(receiver) : null;
        EthAddress? created = ReadOptional(ref reader) is byte[] contract ? ReadAddress(contract) : null;
        List<StampedEvent> events = [];
        int count = reader.ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            events.Add(StampedEvent.Read(reader.ReadBytes().ToArray()));
        }

        List<EthAddress> emitters = [];
        count = reader.ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            emitters.Add(ReadAddress(reader.ReadBytes()));
        }

        return new LocalMessage
        {
            Hash = hash,
            Message = message,
            Transaction = transaction,
            Ret = ret with { Events = events },
            From = from,
            To = to,
            Created = created,
            Index = index,
            IsUnchecked = fields == FirstMessageFields ? IsUnpaid(ret) : reader.ReadBool(),
            CumulativeGas = gas + receipt.GasUsed,
            Logs = MessageResults.LogsOf(events, (number, _) => emitters.ElementAtOrDefault(number), logs),
        };
    }

    private static bool IsUnpaid(ApplyRet ret) =>
        ret.Receipt.GasUsed > 0 && ret.BaseFeeBurn.IsZero && ret.MinerTip.IsZero && ret.OverEstimationBurn.IsZero;

    private static void WriteOptional(CborWriter writer, byte[]? bytes)
    {
        if (bytes is null)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteBytes(bytes);
        }
    }

    private static byte[]? ReadOptional(ref CborReader reader) => reader.TryReadNull() ? null : reader.ReadBytes().ToArray();

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length ? bytes : throw new FormatException($"expected {length} bytes, found {bytes.Length}");

    private static EthAddress ReadAddress(ReadOnlySpan<byte> bytes) => new(Exactly(bytes, EthAddress.Length));

    private static Cid ReadCid(ReadOnlySpan<byte> bytes) =>
        Cid.TryRead(bytes, out Cid cid, out int length) && length == bytes.Length ? cid : throw new FormatException("expected a CID");

    private static TokenAmount ReadAmount(ref CborReader reader) => TokenAmount.TryFromBytes(reader.ReadBytes(), out TokenAmount amount)
        ? amount
        : throw new FormatException("expected an amount");
}
