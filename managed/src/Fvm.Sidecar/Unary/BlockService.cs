using Fvm.Ipld;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>Uploads of blocks for one-shot use.</summary>
internal sealed class BlockService(SharedParts shared, BlockSets sets) : Protocol.V1.BlockService.BlockServiceBase
{
    private const int MaxChunkBytes = 1 << 20;
    private const int MaxListBytes = 4 << 20;

    public override Task<UploadBlocksResponse> UploadBlocks(IAsyncStreamReader<UploadBlocksRequest> requestStream, ServerCallContext context) =>
        RpcCall.RunAsync(shared.Telemetry, "upload_blocks", context, async _ =>
        {
            shared.RefuseIfStopping();
            BlockSet set = await ReadAsync(requestStream, context.CancellationToken);
            return new UploadBlocksResponse { Digest = sets.Add(set), Blocks = (ulong)set.Count, Bytes = (ulong)set.Bytes };
        });

    private async Task<BlockSet> ReadAsync(IAsyncStreamReader<UploadBlocksRequest> parts, CancellationToken cancelled)
    {
        Dictionary<Cid, byte[]> blocks = [];
        SessionBytes bytes = new(shared.Options.MaxSessionBytes);
        using MemoryStream car = new();
        while (await parts.MoveNext(cancelled))
        {
            UploadBlocksRequest part = parts.Current;
            int size = part.CalculateSize();
            bytes.Add(size);
            switch (part.PartCase)
            {
                case UploadBlocksRequest.PartOneofCase.Blocks when car.Length == 0 && size <= MaxListBytes + MaxChunkBytes:
                    foreach (Protocol.V1.Block block in part.Blocks.Blocks)
                    {
                        blocks[FromClient.ToVerifiedCid(block, "blocks.blocks")] = block.Data.ToByteArray();
                    }

                    break;
                case UploadBlocksRequest.PartOneofCase.CarChunk when blocks.Count == 0 && part.CarChunk.Length <= MaxChunkBytes:
                    part.CarChunk.WriteTo(car);
                    break;
                default:
                    throw CallFault.Field("part", "is missing, too large, or of another kind than the parts before");
            }
        }

        return car.Length > 0 ? UnaryState.Car(car.ToArray(), shared.Options, "car_chunk") : new BlockSet(blocks);
    }
}
