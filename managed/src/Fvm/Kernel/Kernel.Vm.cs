namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>The call that the actor answers, and where on the chain it is (before NV18). Free.</summary>
    public Outcome InvocationContext(out InvocationContextOut context)
    {
        context = default;
        if (!ValueReceived.TryToUInt128(out UInt128 value)) return Outcome.Fatal("the received value does not fit into 128 bits");

        MachineContext machine = _execution.Context;
        context = new InvocationContextOut(
            value, Caller, Receiver, Method, machine.Epoch.Value, (uint)machine.Network.NetworkVersion);
        return Outcome.Ok;
    }

    /// <summary>The message that the actor answers.</summary>
    public Outcome MessageContext(out MessageContextOut context)
    {
        context = default;
        if (!TryCharge(Prices.OnMessageContext())) return Outcome.OutOfGas;

        if (!ValueReceived.TryToUInt128(out UInt128 value)) return Outcome.Fatal("the received value does not fit into 128 bits");

        if (!_execution.GasPremium.TryToUInt128(out UInt128 premium)) return Outcome.Fatal("the gas premium does not fit into 128 bits");

        context = new MessageContextOut(
            _execution.Origin, _execution.Nonce, Caller, Receiver, Method, value, premium, IsReadOnly ? ContextFlags.ReadOnly : ContextFlags.None);
        return Outcome.Ok;
    }
}
