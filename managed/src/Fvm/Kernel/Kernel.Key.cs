using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>
    /// The key address of an account, from the account's state (before NV18; later syscalls do not look there). Reading the state is charged like
    /// opening a block if <paramref name="charges"/> is set.
    /// </summary>
    private Outcome ResolveToKey(in Address address, bool charges, out Address key)
    {
        key = address;
        if (address.Protocol is AddressProtocol.Bls or AddressProtocol.Secp256k1) return Outcome.Ok;

        if (_execution.StateTree.LookupId(address) is not ActorId id || _execution.StateTree.GetActor(id) is not ActorState account)
        {
            return Outcome.Error(ErrorNumber.NotFound, "state tree doesn't contain actor");
        }

        if (!_execution.Machine.Manifest.IsAccount(account.Code))
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, "target actor is not an account");
        }

        if (charges && !TryCharge(Prices.OnBlockOpenBase())) return Outcome.OutOfGas;

        Cid state = account.State;
        if (_execution.Blockstore.Get(state) is not byte[] block) return Outcome.Fatal($"account actor state not found: {state}");

        if (charges && !TryCharge(Prices.OnBlockOpen(block.Length, links: 0))) return Outcome.OutOfGas;

        key = StateBlocks.Decode(block, "account actor state", static bytes => AccountActorState.Decode(bytes)).Address;
        return Outcome.Ok;
    }
}
