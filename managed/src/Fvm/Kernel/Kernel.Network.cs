using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Epoch, time, base fee, chain ID and network version.</summary>
    public Outcome NetworkContext(out NetworkContextOut context)
    {
        context = default;
        if (!TryCharge(Prices.OnNetworkContext())) return Outcome.OutOfGas;

        MachineContext machine = _execution.Context;
        if (!machine.BaseFee.TryToUInt128(out UInt128 baseFee)) return Outcome.Fatal("the base fee does not fit into 128 bits");

        context = new NetworkContextOut(
            machine.Epoch.Value, machine.Timestamp, baseFee, machine.Network.ChainId, (uint)machine.Network.NetworkVersion);
        return Outcome.Ok;
    }

    /// <summary>The CID of the tipset at an earlier epoch.</summary>
    public Outcome TipsetCid(ChainEpoch epoch, out Cid cid)
    {
        cid = default;
        if (epoch.Value < 0) return Outcome.Error(ErrorNumber.IllegalArgument, "epoch is negative");

        long offset = _execution.Context.Epoch.Value - epoch.Value;
        if (offset <= 0) return Outcome.Error(ErrorNumber.IllegalArgument, $"epoch {epoch} is not in the past");

        if (offset >= _execution.Rules.Machine.TipsetLookbackEnd)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"epoch {epoch} is too far in the past");
        }

        if (!TryCharge(Prices.OnTipsetCid(offset))) return Outcome.OutOfGas;

        try
        {
            cid = _execution.Machine.Externs.GetTipsetCid(epoch);
            return Outcome.Ok;
        }
        catch (ExternException e)
        {
            return Outcome.Fatal($"the node could not give the tipset at epoch {epoch}: {e.Message}");
        }
    }

    /// <summary>The base fee, in attoFIL per unit of gas (before NV18). Free of charge.</summary>
    public TokenAmount BaseFee() => _execution.Context.BaseFee;

    /// <summary>The circulating supply in attoFIL. Free of charge.</summary>
    public TokenAmount TotalFilCirculatingSupply() => _execution.Context.CirculatingSupply;
}
