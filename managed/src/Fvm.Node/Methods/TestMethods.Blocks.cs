namespace Fvm.Node;

/// <content>Who makes blocks, how much goes into them, and other blocks in the place of the last ones.</content>
internal sealed partial class TestMethods
{
    private void AddBlocks(RpcRegistry registry)
    {
        Add(registry, Both("setCoinbase"), call => chain.SetMinerAsync(call.Parameters[0, "miner"].FilecoinAddress()));
        Add(registry, ["evm_setBlockGasLimit", "anvil_setBlockGasLimit"], async call =>
        {
            await chain.SetGasPerBlockAsync(call.Parameters[0, "gas limit"].Number());
            call.Result.WriteBooleanValue(true);
        });
        Add(registry, ["anvil_reorg"], ReorganiseAsync);
    }

    // The transactions of the blocks that go do not come again, as in anvil.
    private async Task ReorganiseAsync(RpcCall call)
    {
        RpcValue options = call.Parameters[0, "depth"];
        ulong depth = options.IsObject ? options["depth"].Number() : options.Number();
        RpcValue transactions = options.IsObject ? options["tx_block_pairs"] : call.Parameters[1, "transactions"];
        if (!transactions.IsMissing && (!transactions.IsArray || transactions.Element.GetArrayLength() > 0))
        {
            throw RpcException.InvalidParams($"{transactions.Place}: expected none: send transactions after the reorganisation");
        }

        _ = await chain.RollbackAsync(depth);
        _ = await chain.MineAsync(depth);
    }
}
