using System.Globalization;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The methods <c>txpool_*</c>: messages that can be mined, and those behind a gap of nonces.</summary>
/// <param name="chain">The chain.</param>
internal sealed class PoolMethods(LocalChain chain)
{
    // Of one result: each message may have 64 KiB.
    private const int MaxMessages = 2_000;

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        registry.Add("txpool_status", WriteStatus);
        registry.Add("txpool_content", call => WriteParts(call.Result, All(), ChainJson.WriteWaiting));
        registry.Add("txpool_inspect", call => WriteParts(call.Result, All(), WriteSummary));
        registry.Add("txpool_contentFrom", call =>
        {
            Address sender = call.Parameters[0, "address"].EthAddress().ToFilecoin();
            WriteFrom(call.Result, [.. chain.Pool.All().Where(message => message.From == sender)]);
        });
    }

    private IReadOnlyList<PoolMessage> All()
    {
        IReadOnlyList<PoolMessage> all = chain.Pool.All();
        return all.Count <= MaxMessages
            ? all
            : throw new RpcException(
                RpcErrorCode.LimitExceeded, $"{all.Count} transactions wait: more than {MaxMessages} are shown by txpool_contentFrom only");
    }

    private void WriteStatus(RpcCall call)
    {
        ILookup<bool, PoolMessage> parts = Split(chain.Pool.All());
        call.Result.WriteStartObject();
        call.Result.WriteQuantity("pending", (ulong)parts[true].Count());
        call.Result.WriteQuantity("queued", (ulong)parts[false].Count());
        call.Result.WriteEndObject();
    }

    private void WriteParts(Utf8JsonWriter json, IReadOnlyList<PoolMessage> messages, Action<Utf8JsonWriter, PoolMessage> write)
    {
        ILookup<bool, PoolMessage> parts = Split(messages);
        json.WriteStartObject();
        foreach ((string name, bool isReady) in ((string, bool)[])[("pending", true), ("queued", false)])
        {
            json.WriteStartObject(name);
            foreach (IGrouping<Address, PoolMessage> sender in parts[isReady].GroupBy(static message => message.From))
            {
                json.WriteStartObject(EthAddress.TryOf(sender.Key, out EthAddress address) ? address.ToChecksumText() : sender.Key.ToString());
                WriteByNonce(json, sender, write);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteFrom(Utf8JsonWriter json, IReadOnlyList<PoolMessage> messages)
    {
        ILookup<bool, PoolMessage> parts = Split(messages);
        json.WriteStartObject();
        json.WriteStartObject("pending");
        WriteByNonce(json, parts[true], ChainJson.WriteWaiting);
        json.WriteEndObject();
        json.WriteStartObject("queued");
        WriteByNonce(json, parts[false], ChainJson.WriteWaiting);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteByNonce(Utf8JsonWriter json, IEnumerable<PoolMessage> messages, Action<Utf8JsonWriter, PoolMessage> write)
    {
        foreach (PoolMessage message in messages)
        {
            json.WritePropertyName(message.Nonce.ToString(CultureInfo.InvariantCulture));
            write(json, message);
        }
    }

    private static void WriteSummary(Utf8JsonWriter json, PoolMessage message)
    {
        Message unsigned = message.Message.Message;
        string to = message.Transaction is { To: null } ? "contract creation" : EthAddress.TryOf(unsigned.To, out EthAddress address)
            ? address.ToChecksumText()
            : unsigned.To.ToString();
        json.WriteStringValue($"{to}: {unsigned.Value.Atto} wei + {unsigned.GasLimit} gas × {unsigned.GasFeeCap.Atto} wei");
    }

    // Whether a message is in the unbroken row from its sender's next nonce.
    private ILookup<bool, PoolMessage> Split(IReadOnlyList<PoolMessage> messages)
    {
        StateView state = chain.StateOf(chain.Head);
        Dictionary<Address, ulong> ends = [];
        foreach (Address sender in messages.Select(static message => message.From).Distinct())
        {
            ends[sender] = chain.Pool.NonceAfter(sender, state.Find(sender)?.Sequence ?? 0);
        }

        return messages.ToLookup(message => message.Unchecked || message.Nonce < ends[message.From]);
    }
}
