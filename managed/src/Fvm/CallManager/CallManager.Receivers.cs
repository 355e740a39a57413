using Fvm.Ipld;

namespace Fvm;

internal sealed partial class CallManager
{
    /// <summary>Resolves the receiver, or creates it: an account for a key address, a placeholder for an f4 address of the EAM.</summary>
    private Outcome ResolveReceiver(in Address to, bool readOnly, out ActorId receiver)
    {
        receiver = default;
        if (_execution.ResolveAddress(to, out ActorId? found).Failed(out Outcome outcome)) return outcome;

        if (found is ActorId existing)
        {
            receiver = existing;
            return Outcome.Ok;
        }

        bool isAccount = to.Protocol is AddressProtocol.Bls or AddressProtocol.Secp256k1;
        bool isPlaceholder = _execution.Rules.DelegatedAddresses
            && to.TryGetDelegated(out ActorId manager, out _)
            && manager == ActorId.EthereumAddressManager;
        if (!isAccount && !isPlaceholder) return Outcome.Error(ErrorNumber.NotFound, $"actor does not exist or cannot be created: {to}");

        if (readOnly) return Outcome.Error(ErrorNumber.ReadOnly, $"cannot auto-create account {to} in read-only calls");

        return isAccount
            ? CreateAccount(to, out receiver)
            : _execution.CreateActorFromSend(to, ActorState.NewEmpty(_execution.Machine.Manifest.PlaceholderCode, to), out receiver);
    }

    private Outcome CreateAccount(in Address address, out ActorId id)
    {
        id = default;
        if (address.IsBlsZero)
        {
            return _execution.Rules.Machine.ChargesRefusedAccounts && !_execution.TryCharge(_execution.Prices.OnCreateActor(true))
                ? Outcome.OutOfGas
                : Outcome.Error(ErrorNumber.IllegalArgument, "cannot create the bls zero address actor");
        }

        ActorState account = ActorState.NewEmpty(_execution.Machine.Manifest.AccountCode, null);
        if (_execution.CreateActorFromSend(address, account, out id).Failed(out Outcome outcome)) return outcome;

        // The constructor's exit code is ignored, as in the reference: the account actor's code is trusted.
        CborWriter writer = new();
        CborFields.WriteAddress(writer, address);
        Block parameters = new(_execution.Rules.Machine.OnlyDagCbor ? Multicodec.DagCbor : Multicodec.Cbor, writer.ToArray());
        Call constructor = new(ActorId.System, address, MethodNumber.Constructor, parameters, TokenAmount.Zero, GasLimit: null, ReadOnly: false);
        return CallResolved(constructor, id, Entrypoint.ImplicitConstructor, out _);
    }
}
