using Fvm.Ipld;

namespace Fvm;

public sealed partial class Executor
{
    // Implicit messages pay nothing for their inclusion, but traces show this charge.
    private static readonly GasCharge NoCharge = new("none", Gas.Zero, Gas.Zero);

    /// <summary>Checks a message before execution; deducts its gas cost from the sender and increments the sender's nonce.</summary>
    private Preflight Check(Message message, ApplyKind kind, long rawLength)
    {
        if (!message.HasValidGasLimit(out string? reason))
        {
            throw new FatalException(reason!);
        }

        if (!machine.Rules.DelegatedAddresses && (message.From.TryGetDelegated(out _, out _) || message.To.TryGetDelegated(out _, out _)))
        {
            throw new FatalException("unsupported address: there are no delegated addresses yet");
        }

        TokenAmount baseFee = machine.Context.BaseFee;
        TokenAmount penalty = TokenAmount.Zero;
        GasCharge inclusionCost = NoCharge;
        if (kind == ApplyKind.Explicit)
        {
            inclusionCost = machine.Prices.OnChainMessage(rawLength);
            ulong inclusion = inclusionCost.Total.RoundUp();
            if (inclusion > message.GasLimit)
            {
                return Preflight.Fail(ExitCode.SysOutOfGas, $"Out of gas ({inclusion} > {message.GasLimit})", baseFee * inclusion);
            }

            penalty = baseFee * message.GasLimit;
        }

        if (machine.StateTree.LookupId(message.From) is not ActorId senderId)
        {
            return Preflight.Fail(ExitCode.SysSenderInvalid, "Sender invalid", penalty);
        }

        if (kind == ApplyKind.Implicit) return new Preflight(null, senderId, TokenAmount.Zero, inclusionCost);

        byte[]? next = machine.StateTree.Prefetch(senderId, message.To);
        if (machine.StateTree.GetActor(senderId) is not ActorState sender)
        {
            return Preflight.Fail(ExitCode.SysSenderInvalid, "Sender invalid", penalty);
        }

        if (next is not null)
        {
            BlockPrefetch.Begin(next);
        }

        if (!TryBecomeSender(ref sender)) return Preflight.Fail(ExitCode.SysSenderInvalid, "Send not from valid sender", penalty);

        if (message.Sequence != sender.Sequence)
        {
            return Preflight.Fail(
                ExitCode.SysSenderStateInvalid, $"Actor sequence invalid: {message.Sequence} != {sender.Sequence}", penalty);
        }

        TokenAmount gasCost = message.GasFeeCap * message.GasLimit;
        if (sender.Balance < gasCost)
        {
            return Preflight.Fail(
                ExitCode.SysSenderStateInvalid, $"Actor balance less than needed: {sender.Balance} < {gasCost}", penalty);
        }

        machine.StateTree.SetActor(senderId, sender.Deduct(gasCost, messages: 1));
        return new Preflight(null, senderId, gasCost, inclusionCost);
    }

    /// <summary>
    /// Accounts and Ethereum accounts may send; so may a placeholder with an f4 address of the EAM: its first message turns it into an Ethereum
    /// account (FIP-0055).
    /// </summary>
    private bool TryBecomeSender(ref ActorState sender)
    {
        // One code may have two of these types, so the second check is made whatever the first says: with a manifest in which account and
        // placeholder share their code, the reference turns an account into an Ethereum account, too.
        Manifest manifest = machine.Manifest;
        bool isAccount = manifest.IsAccount(sender.Code) || manifest.IsEthAccount(sender.Code);
        bool isFresh = manifest.IsPlaceholder(sender.Code)
            && sender.Sequence == 0
            && sender.DelegatedAddress is Address address
            && address.TryGetDelegated(out ActorId manager, out _)
            && manager == ActorId.EthereumAddressManager;
        if (isFresh)
        {
            sender = sender with { Code = manifest.EthAccountCode };
        }

        return isAccount || isFresh;
    }

    /// <summary>Settles the message's payment: burns, tip, refund.</summary>
    private GasOutputs Settle(Message message, in Preflight preflight, Receipt receipt)
    {
        GasOutputs outputs = GasOutputs.Compute(
            receipt.GasUsed, message.GasLimit, machine.Context.BaseFee, message.GasFeeCap, message.GasPremium);

        Deposit(ActorId.BurntFunds, outputs.BaseFeeBurn);
        Deposit(ActorId.Reward, outputs.MinerTip);
        Deposit(ActorId.BurntFunds, outputs.OverEstimationBurn);
        Deposit(preflight.Sender, outputs.Refund);
        if (outputs.BaseFeeBurn + outputs.OverEstimationBurn + outputs.Refund + outputs.MinerTip != preflight.GasCost)
        {
            throw new FatalException("what was paid for gas and what was distributed differ");
        }

        return outputs;
    }

    private void Deposit(ActorId to, TokenAmount amount)
    {
        if (amount.IsNegative)
        {
            throw new FatalException($"attempted to deposit the negative amount {amount} with actor {to}");
        }

        if (!amount.IsZero)
        {
            ActorState actor = machine.StateTree.GetActor(to) ?? throw new FatalException($"failed to lookup actor {to} for transfer");
            machine.StateTree.SetActor(to, actor.Deposit(amount));
        }
    }

    private readonly record struct Preflight(ApplyRet? Failure, ActorId Sender, TokenAmount GasCost, GasCharge InclusionCost)
    {
        public static Preflight Fail(ExitCode exitCode, string failure, TokenAmount penalty) =>
            new(ApplyRet.PrevalidationFailure(exitCode, failure, penalty), default, TokenAmount.Zero, NoCharge);
    }
}
