using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The methods of Filecoin that run messages, run them again, or look for what became of them.</summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinMessageMethods(LocalChain chain, LotusForms forms)
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);
    private readonly TipsetLookup _tipsets = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        // A chain that stands still has no more confidence to give: what is in a block counts as confirmed.
        FilecoinMethods.Add(registry, "StateWaitMsg", async call => await WaitAsync(call, call.Parameters[0, "message"].Cid()));
        FilecoinMethods.Add(registry, "StateWaitMsgLimited", async call => await WaitAsync(call, call.Parameters[0, "message"].Cid()));
        FilecoinMethods.Add(registry, "StateSearchMsg", call => Search(call, call.Parameters[1, "message"].Cid(), call.Parameters[0, "tipset"]));
        FilecoinMethods.Add(registry, "StateCall", async call =>
        {
            Message message = call.Parameters[0, "message"].Message();
            LocalBlock block = _tipsets.Find(call.Parameters[1, "tipset"]);
            (Message ran, CallOutcome outcome) = await chain.CallFreelyAsync(message, block);
            Message shown = ran with { GasFeeCap = message.GasFeeCap, GasPremium = message.GasPremium };
            TraceAnswers.Write(call, json => new LotusInvocation(forms).Write(json, shown, outcome.Ret, onChain: null));
        });
        FilecoinMethods.Add(registry, "StateReplay", async call =>
        {
            Cid cid = call.Parameters[1, "message"].Cid();
            (LocalBlock block, LocalMessage message) = _tipsets.FindMessage(cid)
                ?? throw TipsetLookup.Failure($"message not found: {cid} is in no block");
            RpcValue key = call.Parameters[0, "tipset"];
            if (key.Key().Length > 0 && _tipsets.Find(key) is LocalBlock given && given.Hash != block.Hash)
            {
                throw TipsetLookup.Failure($"message {cid} is not in the tipset of epoch {given.Number}, but in that of {block.Number}");
            }

            TracedTransaction again = await chain.TraceAsync(block, message);
            TraceAnswers.Write(call, json => new LotusInvocation(forms).Write(json, message.Message.Message, again.Result, message.Message.Cid));
        });
    }

    private void Search(RpcCall call, in Cid cid, RpcValue from)
    {
        LocalBlock end = _tipsets.Find(from);
        if (_tipsets.FindMessage(cid) is (LocalBlock block, LocalMessage message) && block.Number <= end.Number)
        {
            LotusLookup.Write(call.Result, block, message, chain.After(block));
        }
    }

    private async Task WaitAsync(RpcCall call, Cid cid)
    {
        long start = Environment.TickCount64;
        (LocalBlock Block, LocalMessage Message)? found = _tipsets.FindMessage(cid);
        while (found is null)
        {
            if (Environment.TickCount64 - start > MaxWait.TotalMilliseconds)
            {
                throw new RpcException(
                    RpcErrorCode.LimitExceeded, $"message {cid} is in no block after {MaxWait.TotalSeconds} seconds, the longest wait: ask again");
            }

            await Task.Delay(PollTime, call.Cancellation);
            found = _tipsets.FindOwnMessage(cid);
        }

        LotusLookup.Write(call.Result, found.Value.Block, found.Value.Message, chain.After(found.Value.Block));
    }
}
