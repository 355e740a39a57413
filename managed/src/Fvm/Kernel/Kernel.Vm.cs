namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>The context of the current call and its position on the chain (before NV18). Free of charge.</summary>
    public Outcome InvocationContext(out InvocationContextOut context)
    {
        context = default;
        if (!ValueReceived.TryToUInt128(out UInt128 value)) return Outcome.Fatal("the received value does not fit into 128 bits");

        MachineContext machine = _execution.Context;
        context = new InvocationContextOut(
            value, Caller, Receiver, Method, machine.Epoch.Value, (uint)machine.Network.NetworkVersion);
        return Outcome.Ok;
    }

    /// <summary>The context of the current call and of the message.</summary>
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
