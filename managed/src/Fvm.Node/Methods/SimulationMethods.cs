namespace Fvm.Node;

/// <summary>The method <c>eth_simulateV1</c>: calls in blocks that are no part of the chain (execution-apis).</summary>
/// <param name="chain">The chain.</param>
internal sealed class SimulationMethods(LocalChain chain)
{
    private readonly BlockLookup _lookup = new(chain);

    /// <summary>Adds the method.</summary>
    public void AddTo(RpcRegistry registry) => registry.AddAsync("eth_simulateV1", async call =>
    {
        RpcValue payload = call.Parameters[0, "simulation"];
        SimulationRequest request = new SimulationReader(chain.ChainId).Read(payload);
        bool full = SimulationReader.FlagOf(payload["returnFullTransactions"]);
        BlockReference reference = call.Parameters.Block(1);
        IReadOnlyList<SimulatedBlock> blocks = await chain.SimulateAsync(
            request, _lookup.OfState(reference), _lookup.IsPending(reference), call.Cancellation);
        call.Result.WriteStartArray();
        foreach (SimulatedBlock block in blocks)
        {
            ChainJson.WriteSimulated(call.Result, block, chain.ChainId, full);
        }

        call.Result.WriteEndArray();
    });
}
