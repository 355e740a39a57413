using System.Globalization;
using System.Text.Json;
using Fvm.Diff;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>A vector for people, as text or as JSON.</summary>
internal sealed class VectorView
{
    private const int LargestShown = 5;

    private readonly Vector _vector;
    private readonly KeyValuePair<Cid, byte[]>[] _blocks;
    private readonly VectorMessageView[] _messages;

    /// <param name="vector">The vector.</param>
    /// <param name="bundles">The folder of the bundles; null for none.</param>
    /// <param name="maxMessages">The maximum number of messages to show.</param>
    /// <exception cref="InputException">The blocks or a message cannot be read.</exception>
    public VectorView(Vector vector, string? bundles, int maxMessages)
    {
        _vector = vector;
        CarBlockstore state = CarBlocks.Read(vector.Car, "car");
        _blocks = [.. state.Blocks.OrderByDescending(static block => block.Value.Length).ThenBy(static block => block.Key)];
        VectorNames names = new(vector, state, new BundleCatalog(bundles));
        Problem = names.Problem;
        int shown = Math.Min(maxMessages, vector.Messages.Count);
        _messages = [.. Enumerable.Range(0, shown).Select(index => new VectorMessageView(vector, index, names))];
    }

    /// <summary>Why there are no names; null if there are.</summary>
    public string? Problem { get; }

    private long BlockBytes => _blocks.Sum(static block => (long)block.Value.Length);

    private ulong Timestamp => _vector.Timestamp ?? VectorParser.DefaultTimestamp(_vector.Variants[0].Epoch);

    public void WriteTo(TextWriter output)
    {
        output.WriteLine($"Vector {PrintableText.Of(_vector.Id)}");
        Field(output, "description", _vector.Description);
        Field(output, "recorded with", _vector.Recorder);
        Field(output, "bundle", _vector.Bundle);
        foreach (VectorVariant variant in _vector.Variants)
        {
            Field(output, "network", string.Create(
                CultureInfo.InvariantCulture, $"version {variant.NetworkVersion}, epoch {variant.Epoch:N0} ({variant.Id})"));
        }

        Field(output, "chain ID", _vector.ChainId.ToString(CultureInfo.InvariantCulture));
        Field(output, "timestamp", Timestamp.ToString(CultureInfo.InvariantCulture));
        Field(output, "base fee", $"{_vector.BaseFee} attoFIL");
        Field(output, "supply", $"{_vector.CirculatingSupply} attoFIL circulating");
        Field(output, "debugging", _vector.ActorDebugging ? "actors may log and store artifacts" : null);
        Field(output, "skipped", _vector.SkipReason);
        Field(output, "state before", _vector.PreRoot);
        Field(output, "state after", _vector.PostRoot.Length == 0 ? "unknown" : _vector.PostRoot);
        Field(output, "answers", string.Create(
            CultureInfo.InvariantCulture, $"{_vector.Randomness.Count} of randomness, {_vector.TipsetCids.Count} tipset CIDs"));
        output.WriteLine("Messages");
        foreach (VectorMessageView message in _messages)
        {
            message.WriteTo(output);
        }

        if (_messages.Length < _vector.Messages.Count)
        {
            output.WriteLine($"  … {_vector.Messages.Count - _messages.Length} more (--max-messages)");
        }

        output.WriteLine("Blocks");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {_blocks.Length:N0} blocks, {BlockBytes:N0} bytes; {_vector.Car.Length:N0} bytes as packed CAR file"));
        foreach ((Cid cid, byte[] block) in _blocks.Take(LargestShown))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {block.Length,12:N0}  {cid}"));
        }
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("id", _vector.Id);
        json.WriteText("description", _vector.Description);
        json.WriteText("recorded_with", _vector.Recorder);
        json.WriteText("bundle", _vector.Bundle);
        json.WriteObjects("variants", _vector.Variants, static (json, variant) =>
        {
            json.WriteString("id", variant.Id);
            json.WriteNumber("network_version", variant.NetworkVersion);
            json.WriteNumber("epoch", variant.Epoch);
        });
        json.WriteNumber("chain_id", _vector.ChainId);
        json.WriteNumber("timestamp", Timestamp);
        json.WriteString("base_fee", _vector.BaseFee);
        json.WriteString("circulating_supply", _vector.CirculatingSupply);
        json.WriteBoolean("actor_debugging", _vector.ActorDebugging);
        json.WriteText("skip_reason", _vector.SkipReason);
        json.WriteString("state_root_before", _vector.PreRoot);
        json.WriteText("state_root_after", _vector.PostRoot.Length == 0 ? null : _vector.PostRoot);
        json.WriteNumber("randomness", _vector.Randomness.Count);
        json.WriteNumber("tipset_cids", _vector.TipsetCids.Count);
        json.WriteNumber("message_count", _vector.Messages.Count);
        json.WriteObjects("messages", _messages, static (json, message) => message.WriteTo(json));
        json.WriteNumber("blocks", _blocks.Length);
        json.WriteNumber("block_bytes", BlockBytes);
        json.WriteNumber("car_bytes", _vector.Car.Length);
        json.WriteObjects("largest_blocks", _blocks.Take(LargestShown), static (json, block) =>
        {
            json.WriteCid("cid", block.Key);
            json.WriteNumber("bytes", block.Value.Length);
        });
    }

    private static void Field(TextWriter output, string name, string? value)
    {
        if (value is not null)
        {
            output.WriteLine($"  {name,-15} {PrintableText.Of(value)}");
        }
    }
}
