namespace Fvm;

/// <content>Calls between actors.</content>
public sealed partial class PriceList
{
    /// <summary>Moving funds in a call. Skyr has it within <see cref="OnMethodInvocation(in TokenAmount, MethodNumber)"/>.</summary>
    public GasCharge OnValueTransfer() => PartOfCall(Computing("OnValueTransfer", this[Price.SendTransferFunds]));

    /// <summary>Invoking a method, from Hygge on.</summary>
    /// <param name="links">Links in the parameters.</param>
    public GasCharge OnMethodInvocation(int links) =>
        PartOfCall(Computing("OnMethodInvocation", this[Price.SendInvokeMethod] + this[Price.LinkTracked] * links));

    /// <summary>A call with everything that belongs to it, at Skyr alone.</summary>
    public GasCharge OnMethodInvocation(in TokenAmount value, MethodNumber method)
    {
        if (!Rules.ChargesCallsWhole) return GasCharge.None;

        long cost = _prices[(int)Price.SendBase];
        if (!value.IsZero)
        {
            cost += _prices[(int)Price.SendTransferFunds];
            cost += method.IsSend ? _prices[(int)Price.SendTransferOnly] : 0;
        }

        // Below zero by itself, but never below the base.
        cost += method.IsSend ? 0 : _prices[(int)Price.SendInvokeMethod];
        return Computing("OnMethodInvocation", Gas.OfMilli((ulong)cost));
    }
}
