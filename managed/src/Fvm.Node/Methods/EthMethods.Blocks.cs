using System.Numerics;
using System.Text.Json;

namespace Fvm.Node;

/// <content>Blocks, transactions, receipts, logs, fees of the past.</content>
internal sealed partial class EthMethods
{
    private const ulong MaxHistory = 1_024;
    private const int MaxPercentiles = 100;

    private void AddBlocks(RpcRegistry registry)
    {
        registry.Add("eth_getBlockByNumber", call => WriteBlock(call, call.Parameters.Block(0)));
        registry.Add("eth_getBlockByHash", call => WriteBlock(call, BlockReference.OfHash(call.Parameters[0, "hash"].Hash())));
        registry.Add("eth_getBlockTransactionCountByNumber", call => WriteCount(call, call.Parameters.Block(0)));
        registry.Add("eth_getBlockTransactionCountByHash", call => WriteCount(call, BlockReference.OfHash(call.Parameters[0, "hash"].Hash())));
        registry.Add("eth_getUncleCountByBlockNumber", static call => call.Result.WriteQuantity(0UL));
        registry.Add("eth_getUncleCountByBlockHash", static call => call.Result.WriteQuantity(0UL));
        registry.Add("eth_getTransactionByHash", WriteTransaction);
        registry.Add("eth_getTransactionByBlockNumberAndIndex", call => WriteTransactionAt(call, call.Parameters.Block(0)));
        registry.Add(
            "eth_getTransactionByBlockHashAndIndex", call => WriteTransactionAt(call, BlockReference.OfHash(call.Parameters[0, "hash"].Hash())));
        registry.Add("eth_getTransactionReceipt", call => WriteReceipt(call.Result, call.Parameters[0, "hash"].Hash()));
        registry.Add("eth_getBlockReceipts", call =>
        {
            if (_lookup.Find(call.Parameters.Block(0)) is not LocalBlock block)
            {
                call.Result.WriteNullValue();
                return;
            }

            WriteList(call.Result, block.Messages, (json, message) => ChainJson.WriteReceipt(json, block, message));
        });
        registry.Add("eth_getLogs", call =>
        {
            RpcValue filter = call.Parameters[0, "filter"];
            WriteList(
                call.Result,
                LogQuery.Read(filter).In(LogQuery.BlocksOf(filter, chain)),
                static (json, match) => ChainJson.WriteLog(json, match.Block, match.Message, match.Log, removed: false));
        });
    }

    private void WriteBlock(RpcCall call, BlockReference reference)
    {
        bool full = call.Parameters.Flag(1, "whether transactions are wanted in full");
        if (reference.Kind == BlockReferenceKind.Pending)
        {
            ChainJson.WritePendingBlock(call.Result, chain.Pending(), full);
        }
        else if (_lookup.Find(reference) is LocalBlock block)
        {
            ChainJson.WriteBlock(call.Result, block, chain.ChainId, full);
        }
        else
        {
            call.Result.WriteNullValue();
        }
    }

    private void WriteCount(RpcCall call, BlockReference reference)
    {
        if (reference.Kind == BlockReferenceKind.Pending)
        {
            call.Result.WriteQuantity((ulong)chain.Pending().Messages.Count);
        }
        else if (_lookup.Find(reference) is LocalBlock block)
        {
            call.Result.WriteQuantity((ulong)block.Messages.Count);
        }
        else
        {
            call.Result.WriteNullValue();
        }
    }

    private void WriteTransaction(RpcCall call)
    {
        EthHash hash = call.Parameters[0, "hash"].Hash();

        // From the pool first: a message is in a block before it leaves the pool.
        PoolMessage? waiting = chain.Pool.Find(hash);
        if (chain.FindMessage(hash) is (LocalBlock block, LocalMessage message))
        {
            ChainJson.WriteTransaction(call.Result, block, message, chain.ChainId);
        }
        else if (waiting is not null)
        {
            ChainJson.WriteWaiting(call.Result, waiting);
        }
        else
        {
            call.Result.WriteNullValue();
        }
    }

    private void WriteTransactionAt(RpcCall call, BlockReference reference)
    {
        ulong index = call.Parameters[1, "index"].Number();
        if (_lookup.Find(reference) is LocalBlock block && index < (ulong)block.Messages.Count)
        {
            ChainJson.WriteTransaction(call.Result, block, block.Messages[(int)index], chain.ChainId);
        }
        else
        {
            call.Result.WriteNullValue();
        }
    }

    private void WriteReceipt(Utf8JsonWriter json, EthHash hash)
    {
        if (chain.FindMessage(hash) is (LocalBlock block, LocalMessage message))
        {
            ChainJson.WriteReceipt(json, block, message);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private void WriteFeeHistory(RpcCall call)
    {
        ulong count = call.Parameters[0, "number of blocks"].Number();
        LocalBlock newest = _lookup.OfState(call.Parameters.Block(1, "newest block"));
        double[] percentiles = ReadPercentiles(call.Parameters[2, "percentiles"]);
        List<LocalBlock> blocks = [];
        for (LocalBlock? block = newest; block is not null && (ulong)blocks.Count < Math.Min(count, MaxHistory); block = chain.ParentOf(block))
        {
            blocks.Add(block);
        }

        blocks.Reverse();
        Utf8JsonWriter json = call.Result;
        json.WriteStartObject();
        json.WriteQuantity("oldestBlock", (blocks.Count > 0 ? blocks[0] : newest).Number);
        json.WritePropertyName("baseFeePerGas");
        WriteList(json, blocks.Select(static block => block.BaseFee).Append(newest == chain.Head ? chain.NextBaseFee : newest.NextBaseFee),
            static (writer, fee) => writer.WriteQuantity(fee.Atto));
        json.WritePropertyName("gasUsedRatio");
        WriteList(json, blocks, static (writer, block) => writer.WriteNumberValue(block.GasUsed / (double)LocalChain.BlockGasLimit));
        if (percentiles.Length > 0)
        {
            json.WritePropertyName("reward");
            WriteList(json, blocks, (writer, block) =>
                WriteList(writer, RewardsOf(block, percentiles), static (item, reward) => item.WriteQuantity(reward)));
        }

        json.WriteEndObject();
    }

    private static double[] ReadPercentiles(RpcValue value)
    {
        double[] percentiles = value.IsMissing ? [] : [.. value.Items(MaxPercentiles).Select(Percentile)];
        return percentiles.Zip(percentiles.Skip(1)).All(static pair => pair.First <= pair.Second)
            ? percentiles
            : throw RpcException.InvalidParams($"{value.Place}: percentiles must ascend");

        static double Percentile(RpcValue item) =>
            item.Element.ValueKind == JsonValueKind.Number && item.Element.TryGetDouble(out double number) && number is >= 0 and <= 100
                ? number
                : throw item.Expected("a number from 0 to 100");
    }

    // Premiums at shares of the block's gas (geth's rule).
    private static IEnumerable<BigInteger> RewardsOf(LocalBlock block, double[] percentiles)
    {
        LocalMessage[] sorted = [.. block.Messages.OrderBy(message => PremiumOf(message, block))];
        foreach (double percentile in percentiles)
        {
            double wanted = block.GasUsed * percentile / 100;
            double passed = 0;
            BigInteger reward = BigInteger.Zero;
            foreach (LocalMessage message in sorted)
            {
                reward = PremiumOf(message, block);
                passed += message.Ret.Receipt.GasUsed;
                if (passed >= wanted)
                {
                    break;
                }
            }

            yield return reward;
        }
    }

    private static BigInteger PremiumOf(LocalMessage message, LocalBlock block) => BigInteger.Max(
        BigInteger.Zero,
        BigInteger.Min(message.Message.Message.GasFeeCap.Atto - block.BaseFee.Atto, message.Message.Message.GasPremium.Atto));
}
