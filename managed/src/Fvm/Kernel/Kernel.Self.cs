using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>The root of the actor's state, which becomes reachable.</summary>
    public Outcome Root(out Cid root)
    {
        root = default;
        if (!TryCharge(Prices.OnGetRoot())) return Outcome.OutOfGas;

        if (_execution.GetActor(Receiver, out ActorState? self).Failed(out Outcome outcome)) return outcome;

        if (self is null) return Outcome.Error(ErrorNumber.IllegalOperation, "state root requested after actor deletion");

        root = self.State;
        Blocks.MarkReachable(root);
        return Outcome.Ok;
    }

    /// <summary>Sets the root of the actor's state to a reachable CID.</summary>
    public Outcome SetRoot(in Cid root)
    {
        if (IsReadOnly) return Outcome.Error(ErrorNumber.ReadOnly, "cannot update the state root while read-only");

        if (!TryCharge(Prices.OnSetRoot())) return Outcome.OutOfGas;

        if (!Blocks.IsReachable(root)) return Outcome.Error(ErrorNumber.NotFound, $"new root cid not reachable: {root}");

        if (_execution.GetActor(Receiver, out ActorState? self).Failed(out Outcome outcome)) return outcome;

        return self is null
            ? Outcome.Error(ErrorNumber.IllegalOperation, "actor deleted")
            : _execution.SetActor(Receiver, self with { State = root });
    }

    /// <summary>The actor's balance; zero if it has been deleted.</summary>
    public Outcome CurrentBalance(out TokenAmount balance)
    {
        balance = TokenAmount.Zero;
        if (!TryCharge(Prices.OnSelfBalance())) return Outcome.OutOfGas;

        Outcome outcome = _execution.GetActor(Receiver, out ActorState? self);
        if (outcome.IsOk && self is not null)
        {
            balance = self.Balance;
        }

        return outcome;
    }

    /// <summary>Deletes the actor; a remaining balance is burnt, or is an error unless <paramref name="burnUnspent"/> is set.</summary>
    public Outcome SelfDestruct(bool burnUnspent)
    {
        if (IsReadOnly) return Outcome.Error(ErrorNumber.ReadOnly, "cannot self-destruct while read-only");

        if (!TryCharge(Prices.OnDeleteActor())) return Outcome.OutOfGas;

        if (CurrentBalance(out TokenAmount balance).Failed(out Outcome outcome)) return outcome;

        if (!balance.IsZero)
        {
            if (!burnUnspent) return Outcome.Error(ErrorNumber.IllegalOperation, "self-destruct with unspent funds");

            if (_execution.Transfer(Receiver, ActorId.BurntFunds, balance).OrFatal().Failed(out outcome)) return outcome;
        }

        return _execution.DeleteActor(Receiver);
    }

    /// <summary>Deletes the actor after sending its remaining balance to a beneficiary (before NV21).</summary>
    public Outcome SelfDestructTo(in Address beneficiary)
    {
        if (IsReadOnly) return Outcome.Error(ErrorNumber.ReadOnly, "cannot self-destruct while read-only");

        if (!TryCharge(Prices.OnDeleteActor())) return Outcome.OutOfGas;

        if (CurrentBalance(out TokenAmount balance).Failed(out Outcome outcome)) return outcome;

        if (!balance.IsZero)
        {
            if (ResolveAddress(beneficiary, out ActorId heir).Failed(out outcome)) return outcome;

            if (heir == Receiver) return Outcome.Error(ErrorNumber.Forbidden, "benefactor cannot be beneficiary");

            if (_execution.Transfer(Receiver, heir, balance).Failed(out outcome)) return outcome;
        }

        return _execution.DeleteActor(Receiver);
    }
}
