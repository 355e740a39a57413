using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The methods of Filecoin that convert between its addresses and hashes and those of Ethereum.</summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinEthMethods(LocalChain chain, LotusForms forms)
{
    private readonly BlockLookup _lookup = new(chain);
    private readonly TipsetLookup _tipsets = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "EthAddressToFilecoinAddress", call =>
        {
            RpcValue value = call.Parameters[0, "address"];
            EthAddress address = value.IsText && EthAddress.TryParse(value.Text(), out EthAddress parsed)
                ? parsed
                : throw value.Expected("an address: 0x and 40 hexadecimal digits");
            call.Result.WriteStringValue(forms.Text(address.ToFilecoin()));
        });
        FilecoinMethods.Add(registry, "FilecoinAddressToEthAddress", call =>
        {
            Address address = call.Parameters[0, "address"].FilecoinAddress();
            EthAddress ethereum = EthAddress.TryOf(address, out EthAddress direct)
                ? direct
                : chain.StateOf(_lookup.OfState(call.Parameters.Block(1))).AddressOf(address)
                    ?? throw TipsetLookup.Failure($"actor not found: {forms.Text(address)} has no ID address at that block");
            call.Result.WriteAddress(ethereum);
        });
        FilecoinMethods.Add(registry, "EthGetMessageCidByTransactionHash", call =>
        {
            EthHash hash = call.Parameters[0, "hash"].Hash();
            Cid? cid = chain.FindMessage(hash)?.Message.Message.Cid ?? chain.Pool.Find(hash)?.Message.Cid;
            if (cid is Cid found)
            {
                call.Result.WriteCid(in found);
            }
        });
        FilecoinMethods.Add(registry, "EthGetTransactionHashByCid", call =>
        {
            Cid cid = call.Parameters[0, "message"].Cid();
            EthHash? hash = _tipsets.FindMessage(cid)?.Message.Hash ?? _tipsets.FindWaiting(cid)?.Hash;
            if (hash is EthHash found)
            {
                call.Result.WriteHash(found);
            }
        });
    }
}
