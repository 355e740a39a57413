using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;

namespace Fvm.Diff;

/// <summary>Vectors as requests of the sidecar's one-shot calls.</summary>
internal static class SidecarRequests
{
    // A sidecar does not know what the request does not list; other sides have a placeholder.
    private const int EpochsWithPlaceholder = 1_024;

    /// <summary>A vector's machine and messages.</summary>
    /// <param name="item">The vector.</param>
    /// <param name="source">Its blocks.</param>
    /// <exception cref="InputException">The vector is malformed.</exception>
    public static ExecuteMessagesRequest Of(VectorCase item, BlockSource source)
    {
        Vector vector = item.Vector;
        ExecuteMessagesRequest request = new()
        {
            Source = source,
            Settings = SettingsOf(vector, item.Variant),
            Environment = EnvironmentOf(vector, item.Variant.Epoch),
            Trace = TraceForm.Digest,
        };
        for (int index = 0; index < vector.Messages.Count; index++)
        {
            request.Messages.Add(InputOf(vector.Messages[index], index));
        }

        return request;
    }

    /// <summary>The same messages, for their traces.</summary>
    public static TraceMessagesRequest Traced(ExecuteMessagesRequest request)
    {
        TraceMessagesRequest traced = new() { Source = request.Source, Settings = request.Settings, Environment = request.Environment };
        traced.Messages.AddRange(request.Messages);
        return traced;
    }

    private static MachineSettings SettingsOf(Vector vector, VectorVariant variant) => new()
    {
        NetworkVersion = variant.NetworkVersion,
        Epoch = variant.Epoch,
        Timestamp = vector.Timestamp ?? VectorParser.DefaultTimestamp(variant.Epoch),
        ChainId = vector.ChainId,
        BaseFee = AmountOf(vector.BaseFee),
        CirculatingSupply = AmountOf(vector.CirculatingSupply),
        StateRoot = LinkOf(vector.PreRoot, "preconditions.state_tree.root_cid"),
        ActorDebugging = vector.ActorDebugging,
        Tracing = true,
    };

    private static Protocol.V1.Environment EnvironmentOf(Vector vector, long epoch)
    {
        Protocol.V1.Environment environment = new();
        ByteString placeholder = ByteString.CopyFrom(VectorExterns.Placeholder);
        for (long earlier = Math.Max(0, epoch - EpochsWithPlaceholder); earlier <= epoch; earlier++)
        {
            environment.ChainRandomness.Add(new EpochRandomness { Epoch = earlier, Randomness = placeholder });
            environment.BeaconRandomness.Add(new EpochRandomness { Epoch = earlier, Randomness = placeholder });
        }

        // Of several values of an epoch the last counts there, and the first in a vector.
        foreach (VectorRandomness known in vector.Randomness.Reverse())
        {
            (known.Beacon ? environment.BeaconRandomness : environment.ChainRandomness)
                .Add(new EpochRandomness { Epoch = known.Epoch, Randomness = ByteString.CopyFrom(known.Value) });
        }

        foreach (VectorTipsetCid known in vector.TipsetCids)
        {
            environment.Tipsets.Add(new EpochTipset { Epoch = known.Epoch, Cid = LinkOf(known.Cid, "tipset_cids") });
        }

        return environment;
    }

    private static MessageInput InputOf(VectorMessage source, int index)
    {
        try
        {
            Message message = Message.Decode(source.Bytes);
            return new MessageInput
            {
                Message = UnsafeByteOperations.UnsafeWrap(source.Bytes),
                ChainLength = (ulong)(source.RawLength ?? RawLengths.Of(message, source.Bytes.Length)),
                Kind = source.Implicit ? Protocol.V1.ApplyKind.Implicit : Protocol.V1.ApplyKind.Explicit,
            };
        }
        catch (MessageException exception)
        {
            throw new InputException($"apply_messages[{index}].bytes: {exception.Message}", exception);
        }
    }

    // Preconditions are not negative: the parser refuses others.
    private static Protocol.V1.TokenAmount AmountOf(string atto)
    {
        byte[] bytes = TokenAmount.ParseAtto(atto).ToBytes();
        return new Protocol.V1.TokenAmount { Magnitude = bytes.Length == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(1)) };
    }

    private static ByteString LinkOf(string text, string field) => Cid.TryParse(text, out Cid cid)
        ? UnsafeByteOperations.UnsafeWrap(cid.ToBytes())
        : throw new InputException($"{field}: '{text}' is not a CID");
}
