using System.Globalization;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <content>What a node says about its network, and where it finds transactions and blocks.</content>
public sealed partial class RpcChain
{
    private const int MaxNameLength = 256;

    /// <summary>The network's name, such as mainnet or calibrationnet.</summary>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public string NetworkName() => Ask("Filecoin.StateNetworkName", "[]", "a name", static result =>
        result.ValueKind == JsonValueKind.String && result.GetString() is { Length: > 0 and <= MaxNameLength } name ? name : null)!;

    /// <summary>The network version at a tipset.</summary>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public uint NetworkVersion(IReadOnlyList<Cid> key) => Ask<uint?>("Filecoin.StateNetworkVersion", $"[{JsonOf(key)}]", "a number", static result =>
        result.ValueKind == JsonValueKind.Number && result.TryGetUInt32(out uint version) ? version : null)!.Value;

    /// <summary>The chain ID of Ethereum's tools.</summary>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public ulong ChainId() => Ask("eth_chainId", "[]", "a quantity", QuantityOf)!.Value;

    /// <summary>The epoch of the block that a transaction is in; null if the node knows none.</summary>
    /// <param name="hash">Its hash, in hexadecimal digits.</param>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public ulong? EpochOfTransaction(string hash) => NumberIn("eth_getTransactionByHash", $"[\"{hash}\"]", "blockNumber");

    /// <summary>The epoch of the block of a hash; null if the node knows none.</summary>
    /// <param name="hash">The hash, in hexadecimal digits.</param>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public ulong? EpochOfBlock(string hash) => NumberIn("eth_getBlockByHash", $"[\"{hash}\",false]", "number");

    private static ulong? QuantityOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is string text && text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : null;

    private ulong? NumberIn(string method, string parameters, string member)
    {
        // Lotus has an error for unknown hashes, others have null.
        RpcAnswer answer = Wait(_client.CallAsync(method, parameters, _stop.Token));
        return answer.Error is null && answer.Result.ValueKind == JsonValueKind.Object && answer.Result.TryGetProperty(member, out JsonElement number)
            ? QuantityOf(number)
            : null;
    }

    private T? Ask<T>(string method, string parameters, string expected, Func<JsonElement, T?> read)
    {
        RpcAnswer answer = Wait(_client.CallAsync(method, parameters, _stop.Token));
        if (answer.Error is not null)
        {
            throw _client.Failed(method, answer.Problem);
        }

        return read(answer.Result) ?? throw _client.Failed(method, $"the answer is not {expected}");
    }
}
