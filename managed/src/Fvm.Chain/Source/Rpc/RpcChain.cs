using System.Globalization;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>A node's chain by JSON-RPC (Lotus and Forest, API version 1): its blocks, and its tipsets. Thread-safe.</summary>
public sealed partial class RpcChain : IDisposable
{
    private const int MaxBlocks = 64;

    private readonly RpcClient _client;
    private readonly RpcBlocks _blocks;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>A chain; requests are sent when something is asked for.</summary>
    /// <param name="endpoint">The node.</param>
    /// <param name="settings">Limits; the default ones if null.</param>
    public RpcChain(RpcEndpoint endpoint, RpcSettings? settings = null)
    {
        settings ??= new RpcSettings();
        _client = new RpcClient(endpoint, settings, endpoint.IsWebSocket
            ? new WebSocketRpcTransport(endpoint, settings)
            : new HttpRpcTransport(endpoint, settings));
        _blocks = new RpcBlocks(_client, settings);
    }

    /// <summary>The node's URL, for errors.</summary>
    public string Name => _client.Name;

    /// <summary>The node's blocks: read-only, verified against their CIDs; a store that fails throws <see cref="BlockstoreException"/>.</summary>
    public IBlockstore Blocks => _blocks;

    /// <summary>The number of blocks received.</summary>
    public long BlocksReceived => _blocks.Blocks;

    /// <summary>The number of round trips for blocks, of which those at the same time are one.</summary>
    public long RoundTrips => _blocks.RoundTrips;

    /// <summary>Their total length, in bytes.</summary>
    public long BytesReceived => _blocks.Bytes;

    /// <summary>The blocks of the node's head.</summary>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public IReadOnlyList<Cid> Head() => KeyOf("Filecoin.ChainHead", "[]");

    /// <summary>The blocks of the tipset at an epoch; for a null round those of the last one before it.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="head">The chain's end; the node's head if empty.</param>
    /// <exception cref="BlockstoreException">The node does not answer, or has no such tipset.</exception>
    public IReadOnlyList<Cid> TipsetAt(ChainEpoch epoch, IReadOnlyList<Cid>? head = null) => KeyOf(
        "Filecoin.ChainGetTipSetByHeight",
        string.Create(CultureInfo.InvariantCulture, $"[{epoch.Value},{(head is null ? "null" : JsonOf(head))}]"));

    /// <summary>Whether the node knows a tipset; asked of it, not looked for in the blocks.</summary>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public bool HasTipset(IReadOnlyList<Cid> key) =>
        Wait(_client.CallAsync("Filecoin.ChainGetTipSet", $"[{JsonOf(key)}]", _stop.Token)).Error is null;

    /// <inheritdoc/>
    // The source of the token stays undisposed: requests that end now still look at it.
    public void Dispose()
    {
        _stop.Cancel();
        _blocks.Dispose();
        _client.Dispose();
    }

    private static string JsonOf(IReadOnlyList<Cid> key) => $"[{string.Join(',', key.Select(static cid => $$"""{"/":"{{cid}}"}"""))}]";

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private IReadOnlyList<Cid> KeyOf(string method, string parameters) => Ask(method, parameters, "a tipset", ReadKey)!;

    private static List<Cid>? ReadKey(JsonElement tipset)
    {
        List<Cid> key = [];
        if (tipset.ValueKind == JsonValueKind.Object && tipset.TryGetProperty("Cids", out JsonElement cids)
            && cids.ValueKind == JsonValueKind.Array && cids.GetArrayLength() is > 0 and <= MaxBlocks)
        {
            foreach (JsonElement item in cids.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("/", out JsonElement text)
                    && text.ValueKind == JsonValueKind.String && Cid.TryParse(text.GetString(), out Cid cid))
                {
                    key.Add(cid);
                }
            }

            if (key.Count == cids.GetArrayLength())
            {
                return key;
            }
        }

        return null;
    }
}
