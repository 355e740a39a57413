using System.Text.Json;

namespace Fvm.Node.Tests;

/// <summary>Tests Filecoin.ChainNotify.</summary>
internal sealed class NotifyMethodsTests
{
    [Test]
    public async Task Changes_of_the_head_come_on_a_channel_until_it_is_cancelled()
    {
        await using TestChain test = TestChain.Create();
        RpcDispatcher dispatcher = new(NodeMethods.Of(test.Chain, TestChain.Accounts, TestChain.Natives), new RpcLimits());
        List<JsonElement> sent = [];
        using RpcSession session = new(dispatcher, (message, _) =>
        {
            lock (sent)
            {
                sent.Add(JsonElement.Parse(message.Span));
            }

            return ValueTask.CompletedTask;
        });
        Task sending = session.SendAllAsync();
        await session.ReceiveAsync("""{"id":"a","method":"Filecoin.ChainNotify","params":[]}"""u8.ToArray());
        LocalBlock first = await test.Chain.MineAsync();
        await test.Chain.RollbackAsync(1);
        LocalBlock second = await test.Chain.AdvanceToAsync(3);
        await session.ReceiveAsync("""{"method":"xrpc.cancel","params":["a"]}"""u8.ToArray());
        await test.Chain.MineAsync();
        await session.ReceiveAsync("""{"id":2,"method":"Filecoin.ChainHead"}"""u8.ToArray());
        Assert.That(() => Count(), Is.EqualTo(6).After(30_000, 20));
        session.Close();
        await Task.WhenAny(sending);
        ulong channel = sent[0].GetProperty("result").GetUInt64();
        Assert.That(sent.Skip(1).Take(4).Select(each => each.GetProperty("params")[0].GetUInt64()), Is.All.EqualTo(channel));
        Assert.That(sent.Skip(1).Take(4).Select(Shown), Is.EqualTo(new[]
        {
            "xrpc.ch.val current 0 of 1", $"xrpc.ch.val apply {first.Number} of 1", "xrpc.ch.val revert 1 of 1", $"xrpc.ch.val apply {second.Number} of 1",
        }));
        Assert.That(sent[5].GetProperty("result").GetProperty("Height").GetUInt64(), Is.EqualTo(4));

        int Count()
        {
            lock (sent)
            {
                return sent.Count;
            }
        }
    }

    [Test]
    public async Task Over_HTTP_it_is_refused_with_the_reason()
    {
        await using TestChain test = TestChain.Create();
        RequestTester rpc = new(NodeMethods.Of(test.Chain, TestChain.Accounts, TestChain.Natives));
        Assert.That(await rpc.ErrorAsync("Filecoin.ChainNotify"), Does.Contain("WebSocket"));
    }

    private static string Shown(JsonElement notification)
    {
        JsonElement changes = notification.GetProperty("params")[1];
        return $"{notification.GetProperty("method")} {changes[0].GetProperty("Type")} {changes[0].GetProperty("Val").GetProperty("Height")}"
            + $" of {changes.GetArrayLength()}";
    }
}
