using System.Numerics;
using System.Text.Json;
using Fvm.Chain;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Blocks, transactions, receipts and logs as Ethereum tools want them.</summary>
internal static class ChainJson
{
    private const int DelegatedType = 2;
    private const int NonceLength = 8;

    // Of an empty list, in RLP; and the root of an empty trie.
    private static readonly EthHash NoUncles = Hash("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
    private static readonly EthHash EmptyRoot = Hash("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

    /// <summary>Writes a block.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="block">The block.</param>
    /// <param name="chainId">The chain ID.</param>
    /// <param name="full">Whether transactions are written, not their hashes.</param>
    public static void WriteBlock(Utf8JsonWriter json, LocalBlock block, ulong chainId, bool full)
    {
        json.WriteStartObject();
        WriteHeader(json, block);
        WriteTransactions(
            json, block.Messages, static message => message.Hash, full ? message => WriteTransaction(json, block, message, chainId) : null);
        json.WriteEndObject();
    }

    /// <summary>Writes a simulated block, with the results of its calls.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="simulated">The block.</param>
    /// <param name="chainId">The chain ID.</param>
    /// <param name="full">Whether transactions are written, not their hashes.</param>
    public static void WriteSimulated(Utf8JsonWriter json, SimulatedBlock simulated, ulong chainId, bool full)
    {
        LocalBlock block = simulated.Block;
        json.WriteStartObject();
        WriteHeader(json, block, simulated.GasLimit);
        WriteTransactions(
            json, block.Messages, static message => message.Hash, full ? message => WriteTransaction(json, block, message, chainId) : null);
        json.WriteStartArray("calls");
        foreach (SimulatedCall call in simulated.Calls)
        {
            WriteCall(json, block, call);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, LocalBlock block, SimulatedCall call)
    {
        CallOutcome outcome = call.Outcome;
        json.WriteStartObject();
        json.WriteQuantity("status", outcome.ExitCode.IsSuccess ? 1UL : 0UL);
        json.WriteData("returnData", outcome.Data);
        json.WriteQuantity("gasUsed", outcome.GasUsed);

        // Nothing is given back on Filecoin.
        json.WriteQuantity("maxUsedGas", outcome.GasUsed);
        json.WriteStartArray("logs");
        foreach (LocalLog log in outcome.Logs)
        {
            WriteLog(json, block, call.Message, log, removed: false);
        }

        json.WriteEndArray();
        if (!outcome.ExitCode.IsSuccess)
        {
            RpcException error = CallErrors.OfSimulated(outcome);
            json.WriteStartObject("error");
            json.WriteNumber("code", (int)error.Code);
            json.WriteString("message", error.Message);
            if (error.DataJson is string data)
            {
                json.WritePropertyName("data");
                json.WriteRawValue(data);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the block that would be made next.</summary>
    public static void WritePendingBlock(Utf8JsonWriter json, PendingBlock block, bool full)
    {
        json.WriteStartObject();
        WriteHeaderFields(
            json, block.Tipset, block.ParentHash, LocalChain.BlockGasLimit, gasUsed: 0, LogsBloom.Of([]), isEmpty: block.Messages.Count == 0);
        json.WriteNull("hash");
        WriteTransactions(json, block.Messages, static message => message.Hash, full ? message => WriteWaiting(json, message) : null);
        json.WriteEndObject();
    }

    // Whole transactions, or their hashes if nothing writes them.
    private static void WriteTransactions<T>(Utf8JsonWriter json, IEnumerable<T> messages, Func<T, EthHash> hashOf, Action<T>? writeWhole)
    {
        json.WriteStartArray("transactions");
        foreach (T message in messages)
        {
            if (writeWhole is null)
            {
                json.WriteHash(hashOf(message));
            }
            else
            {
                writeWhole(message);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("uncles");
        json.WriteEndArray();
    }

    /// <summary>Writes the members of a block's header.</summary>
    public static void WriteHeader(Utf8JsonWriter json, LocalBlock block, ulong gasLimit = LocalChain.BlockGasLimit)
    {
        byte[] bloom = LogsBloom.Of(block.Messages.SelectMany(static message => message.Logs));
        WriteHeaderFields(json, block.Tipset, block.ParentHash, gasLimit, block.GasUsed, bloom, block.Messages.Count == 0);
        json.WriteHash("hash", block.Hash);
    }

    /// <summary>Writes a mined transaction.</summary>
    public static void WriteTransaction(Utf8JsonWriter json, LocalBlock block, LocalMessage message, ulong chainId)
    {
        json.WriteStartObject();
        json.WriteHash("blockHash", block.Hash);
        json.WriteQuantity("blockNumber", block.Number);
        json.WriteQuantity("transactionIndex", (ulong)message.Index);
        json.WriteQuantity("gasPrice", EffectivePrice(message));
        WriteFields(json, message.Hash, message.Message.Message, message.Transaction, message.From, message.To, chainId);
        json.WriteEndObject();
    }

    /// <summary>Writes a transaction that waits.</summary>
    public static void WriteWaiting(Utf8JsonWriter json, PoolMessage message)
    {
        json.WriteStartObject();
        json.WriteNull("blockHash");
        json.WriteNull("blockNumber");
        json.WriteNull("transactionIndex");
        json.WriteQuantity("gasPrice", message.Message.Message.GasFeeCap);
        _ = EthAddress.TryOf(message.From, out EthAddress from);
        EthAddress? to = EthAddress.TryOf(message.Message.Message.To, out EthAddress receiver) ? receiver : null;
        WriteFields(
            json, message.Hash, message.Message.Message, message.Transaction, from, message.Transaction is { } transaction ? transaction.To : to,
            message.Transaction?.ChainId ?? 0);
        json.WriteEndObject();
    }

    /// <summary>Writes an unsigned transaction.</summary>
    public static void WriteUnsigned(Utf8JsonWriter json, EthTransaction transaction, EthAddress from)
    {
        json.WriteStartObject();
        WriteFields(json, transaction.Hash, transaction.ToMessage(from), transaction, from, transaction.To, transaction.ChainId);
        json.WriteEndObject();
    }

    /// <summary>Writes a receipt.</summary>
    public static void WriteReceipt(Utf8JsonWriter json, LocalBlock block, LocalMessage message)
    {
        json.WriteStartObject();
        json.WriteHash("transactionHash", message.Hash);
        json.WriteQuantity("transactionIndex", (ulong)message.Index);
        json.WriteHash("blockHash", block.Hash);
        json.WriteQuantity("blockNumber", block.Number);
        json.WriteAddress("from", message.From);
        json.WriteAddress("to", message.To);
        json.WriteHash("root", default);
        json.WriteQuantity("status", message.Ret.Receipt.ExitCode.IsSuccess ? 1UL : 0UL);
        json.WriteAddress("contractAddress", message.Created);
        json.WriteQuantity("cumulativeGasUsed", message.CumulativeGas);
        json.WriteQuantity("gasUsed", message.Ret.Receipt.GasUsed);
        json.WriteQuantity("effectiveGasPrice", EffectivePrice(message));
        json.WriteData("logsBloom", LogsBloom.Of(message.Logs));
        json.WriteStartArray("logs");
        foreach (LocalLog log in message.Logs)
        {
            WriteLog(json, block, message, log, removed: false);
        }

        json.WriteEndArray();
        json.WriteQuantity("type", (ulong)(message.Transaction?.Type ?? DelegatedType));
        json.WriteEndObject();
    }

    /// <summary>Writes a log.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="block">The block.</param>
    /// <param name="message">The message in the block.</param>
    /// <param name="log">The log of the message.</param>
    /// <param name="removed">Whether the block is no longer part of the chain.</param>
    public static void WriteLog(Utf8JsonWriter json, LocalBlock block, LocalMessage message, LocalLog log, bool removed)
    {
        json.WriteStartObject();
        json.WriteAddress("address", log.Address);
        json.WriteStartArray("topics");
        foreach (EthHash topic in log.Topics)
        {
            json.WriteHash(topic);
        }

        json.WriteEndArray();
        json.WriteData("data", log.Data.Span);
        json.WriteQuantity("logIndex", (ulong)log.Index);
        json.WriteQuantity("transactionIndex", (ulong)message.Index);
        json.WriteHash("transactionHash", message.Hash);
        json.WriteHash("blockHash", block.Hash);
        json.WriteQuantity("blockNumber", block.Number);
        json.WriteQuantity("blockTimestamp", block.Timestamp);
        json.WriteBoolean("removed", removed);
        json.WriteEndObject();
    }

    /// <summary>What a message cost per gas: also what was burnt for an estimate too high, so that it can exceed the fee cap (Lotus).</summary>
    private static BigInteger EffectivePrice(LocalMessage message)
    {
        ApplyRet ret = message.Ret;
        return ret.Receipt.GasUsed == 0
            ? message.Message.Message.GasFeeCap.Atto
            : (ret.BaseFeeBurn + ret.OverEstimationBurn + ret.MinerTip).Atto / ret.Receipt.GasUsed;
    }

    private static EthHash Hash(string digits) => new(Convert.FromHexString(digits));

    private static void WriteHeaderFields(
        Utf8JsonWriter json, Tipset tipset, EthHash parent, ulong gasLimit, ulong gasUsed, byte[] bloom, bool isEmpty)
    {
        json.WriteQuantity("number", (ulong)tipset.Epoch.Value);
        json.WriteHash("parentHash", parent);
        json.WriteQuantity("timestamp", tipset.Timestamp);
        json.WriteQuantity("gasLimit", gasLimit);
        json.WriteQuantity("gasUsed", gasUsed);
        json.WriteQuantity("baseFeePerGas", tipset.First.BaseFee);
        json.WriteAddress("miner", default(EthAddress));
        json.WriteData("nonce", new byte[NonceLength]);
        json.WriteHash("sha3Uncles", NoUncles);
        json.WriteData("logsBloom", bloom);
        json.WriteHash("transactionsRoot", isEmpty ? EmptyRoot : default);
        json.WriteHash("stateRoot", default);
        json.WriteHash("receiptsRoot", default);
        json.WriteHash("mixHash", default);
        json.WriteQuantity("difficulty", 0UL);
        json.WriteQuantity("totalDifficulty", 0UL);
        json.WriteData("extraData", []);
        json.WriteQuantity("size", 0UL);
    }

    private static void WriteFields(
        Utf8JsonWriter json, EthHash hash, Message message, EthTransaction? transaction, EthAddress from, EthAddress? to, ulong chainId)
    {
        json.WriteHash("hash", hash);
        json.WriteQuantity("type", (ulong)(transaction?.Type ?? DelegatedType));
        if (transaction?.Kind != EthTransactionKind.Homestead)
        {
            json.WriteQuantity("chainId", chainId);
        }

        json.WriteQuantity("nonce", message.Sequence);
        json.WriteAddress("from", from);
        json.WriteAddress("to", to);
        json.WriteQuantity("value", message.Value);
        json.WriteQuantity("gas", message.GasLimit);
        json.WriteData("input", transaction is null ? NativeInput.Of(message) : transaction.Input.Span);
        if (transaction is null || transaction.Kind == EthTransactionKind.DynamicFee)
        {
            json.WriteQuantity("maxFeePerGas", message.GasFeeCap);
            json.WriteQuantity("maxPriorityFeePerGas", message.GasPremium);
            json.WriteStartArray("accessList");
            json.WriteEndArray();
            json.WriteQuantity("yParity", (ulong)(transaction?.Parity ?? 0));
        }

        json.WriteQuantity("v", transaction?.V ?? 0);
        json.WriteQuantity("r", transaction?.R ?? BigInteger.Zero);
        json.WriteQuantity("s", transaction?.S ?? BigInteger.Zero);
    }
}
