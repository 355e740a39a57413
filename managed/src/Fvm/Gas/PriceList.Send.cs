namespace Fvm;

/// <content>Calls between actors.</content>
public sealed partial class PriceList
{
    /// <summary>Transferring value in a call. In Skyr it is part of <see cref="OnMethodInvocation(in TokenAmount, MethodNumber)"/>.</summary>
    public GasCharge OnValueTransfer() => PartOfCall(Computing("OnValueTransfer", this[Price.SendTransferFunds]));

    /// <summary>Invoking a method, from Hygge on.</summary>
    /// <param name="links">The number of links in the parameters.</param>
    public GasCharge OnMethodInvocation(int links) =>
        PartOfCall(Computing("OnMethodInvocation", this[Price.SendInvokeMethod] + this[Price.LinkTracked] * links));

    /// <summary>A whole call, in Skyr only.</summary>
    public GasCharge OnMethodInvocation(in TokenAmount value, MethodNumber method)
    {
        if (!Rules.ChargesCallsWhole) return GasCharge.None;

        long cost = _prices[(int)Price.SendBase];
        if (!value.IsZero)
        {
            cost += _prices[(int)Price.SendTransferFunds];
            cost += method.IsSend ? _prices[(int)Price.SendTransferOnly] : 0;
        }

        // The price is negative, but the sum is at least the base.
        cost += method.IsSend ? 0 : _prices[(int)Price.SendInvokeMethod];
        return Computing("OnMethodInvocation", Gas.OfMilli((ulong)cost));
    }
}
