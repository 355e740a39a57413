using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>What blocks contain: a state tree's actors, a bundle's, or a block itself.</summary>
internal static class BlockInspection
{
    private const uint DefaultActors = 1_000;
    private const uint MaxActors = 10_000;

    /// <summary>Inspects a root.</summary>
    /// <param name="request">The root, and the page of actors.</param>
    /// <param name="store">The blocks.</param>
    /// <param name="maxBytes">The size of the largest response.</param>
    /// <param name="cancelled">Ends the inspection.</param>
    /// <exception cref="CallFault">A field or a block is malformed, or the response is too large.</exception>
    public static InspectResponse Of(InspectRequest request, IBlockstore store, int maxBytes, CancellationToken cancelled)
    {
        Cid root = FromClient.ToCid(request.Root, "root");
        if (request.MaxActors > MaxActors)
        {
            throw CallFault.Field("max_actors", $"is more than {MaxActors}");
        }

        if (store.Get(in root) is not byte[] block)
        {
            return new InspectResponse { Kind = RootKind.Missing };
        }

        if (StateRoot.TryDecode(in root, block) is StateRoot state)
        {
            InspectResponse actors = new() { Kind = RootKind.StateTree };
            ActorPage page = new(request.FirstActorId, (int)(request.MaxActors == 0 ? DefaultActors : request.MaxActors));
            page.Read(in state, store, actors, cancelled);
            return Fitting(actors, maxBytes);
        }

        return Manifest.TryDecodeRoot(in root, block) is Cid list
            ? Fitting(Bundle(in list, store, maxBytes), maxBytes)
            : Fitting(new InspectResponse { Kind = RootKind.Block, Block = UnsafeByteOperations.UnsafeWrap(block) }, maxBytes);
    }

    private static InspectResponse Bundle(in Cid list, IBlockstore store, int maxBytes)
    {
        byte[] block = store.Get(in list) ?? throw CallFault.Broken($"the bundle's list {list} is missing", list.ToString());
        if (block.Length > maxBytes)
        {
            throw TooLarge(block.Length, maxBytes);
        }

        InspectResponse bundle = new() { Kind = RootKind.Bundle };
        try
        {
            foreach ((string name, Cid code) in Manifest.DecodeList(block))
            {
                bundle.Bundle.Add(new BundleEntry { Name = name, Code = ToClient.Bytes(in code) });
            }
        }
        catch (CborException e)
        {
            throw CallFault.Broken($"the bundle's list {list} is malformed: {e.Message}", list.ToString());
        }

        return bundle;
    }

    private static InspectResponse Fitting(InspectResponse response, int maxBytes) =>
        response.CalculateSize() is int size && size <= maxBytes ? response : throw TooLarge(size, maxBytes);

    private static CallFault TooLarge(int size, int maxBytes) =>
        CallFault.Limit("frame_bytes", $"the response has {size} bytes, more than {maxBytes}, the limit of a message");
}
