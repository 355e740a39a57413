using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>A node that misbehaves over a WebSocket gives no wrong block: the right one at last, or an error in one line.</summary>
public sealed class RpcWebSocketTests : FaultyNodeTests
{
    /// <inheritdoc/>
    protected override string Url => Node.SocketUrl;

    [Test]
    public void Blocks_and_head_are_read_over_one_connection()
    {
        using RpcChain chain = Open();
        Assert.That(chain.Head(), Is.EqualTo(Node.Head));
        Assert.That(((IBulkBlockstore)chain.Blocks).GetMany(Cids), Is.EqualTo(Cids.Select(cid => Blocks.Get(cid))));
        Assert.That(chain.Blocks.Get(Cid.Blake2b256(Multicodec.Raw, "none"u8)), Is.Null);
        Assert.That(Node.Openings, Has.Count.EqualTo(1));
        Assert.That(Node.Batches, Has.All.EqualTo(1), "nodes of Lotus take no batches there");
    }

    [Test]
    public void The_token_is_sent_when_the_connection_is_opened()
    {
        using RpcChain chain = new(RpcEndpoint.Parse(Node.SocketUrl, "s3cret"), Fast);
        Assert.That(chain.Blocks.Get(Cids[7]), Is.EqualTo("block 7"u8.ToArray()));
        Assert.That(Node.Openings.Single(), Has.Member("Authorization: Bearer s3cret").And.Member("GET /rpc/v1 HTTP/1.1"));
    }

    [Test]
    public void Answers_come_in_any_order()
    {
        Node.SocketFault = static async (number, _, _) =>
        {
            await Task.Delay(number % 5 * 10);
            return null;
        };
        AssertAllBlocks();
    }

    [Test]
    public void Dropped_connections_are_made_anew()
    {
        Node.SocketFault = static (number, _, _) => number % 9 == 4 ? throw new IOException("dropped") : Task.FromResult<string?>(null);
        AssertAllBlocks();
        Assert.That(Node.Openings, Has.Count.GreaterThan(3));
    }

    [Test]
    public void A_message_that_is_cut_off_is_asked_for_again()
    {
        Node.SocketFault = async (number, request, socket) =>
        {
            if (number % 7 != 3)
            {
                return null;
            }

            byte[] whole = Encoding.UTF8.GetBytes(Node.Answer(request));
            await socket.SendAsync(whole.AsMemory(0, whole.Length / 2), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
            throw new IOException("dropped");
        };
        AssertAllBlocks();
    }

    [Test]
    public void Messages_in_pieces_and_of_nobody_are_understood()
    {
        Node.SocketFault = async (number, request, socket) =>
        {
            if (number > 1)
            {
                return null;
            }

            foreach (string stray in (string[])["""{"jsonrpc":"2.0","method":"xrpc.ch.val","params":[1]}""", """{"jsonrpc":"2.0","id":999,"result":1}"""])
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(stray), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }

            byte[] whole = Encoding.UTF8.GetBytes(Node.Answer(request));
            await socket.SendAsync(whole.AsMemory(0, 9), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
            await socket.SendAsync(whole.AsMemory(9), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            return """{"jsonrpc":"2.0","id":999,"result":1}""";
        };
        using RpcChain chain = Open();
        Assert.That(chain.Blocks.Get(Cids[9]), Is.EqualTo("block 9"u8.ToArray()));
        Assert.That(Node.Requests, Is.EqualTo(1));
    }

    [Test]
    public void Wrong_bytes_are_never_taken()
    {
        Node.SocketFault = static (_, request, _) => Task.FromResult<string?>(
            $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},"result":"d3Jvbmc="}""");
        AssertFails("do not match the CID", "another node");
    }

    [TestCase("<html>", "not JSON")]
    [TestCase("7", "not a JSON-RPC response")]
    [TestCase("""{"jsonrpc":"2.0","id":ID}""", "neither a result nor an error")]
    [TestCase("""{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"disk on fire"}}""", "disk on fire")]
    [TestCase("""{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"disk on fire"}}""", "disk on fire")]
    [TestCase("""{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"missing permission to invoke 'ChainReadObj'"}}""", "--token-file")]
    public void A_wrong_answer_is_an_error(string body, string says)
    {
        Node.SocketFault = (_, request, _) =>
            Task.FromResult<string?>(body.Replace("ID", request.GetProperty("id").ToString(), StringComparison.Ordinal));
        AssertFails(says);
    }

    [TestCase("401 Unauthorized", "--token-file")]
    [TestCase("404 Not Found", "/rpc/v1")]
    [TestCase("302 Found", "give that URL", "Location: http://other.example/rpc\r\n")]
    [TestCase("500 Internal Server Error", "4 attempts")]
    [TestCase("200 OK", "give the URL with http://")]
    public void A_node_that_refuses_the_connection_is_an_error(string status, string says, string headers = "")
    {
        Node.OpeningFault = _ => FaultyNode.Response(status, string.Empty, headers);
        AssertFails(says);
    }

    [Test]
    public void A_node_that_wants_a_pause_gets_it()
    {
        Node.OpeningFault = static number =>
            number <= 2 ? FaultyNode.Response("429 Too Many Requests", string.Empty, "Retry-After: 1\r\n") : null;
        Stopwatch watch = Stopwatch.StartNew();
        AssertAllBlocks();
        Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(0.95)));
    }

    [Test]
    public void A_rate_limit_within_an_answer_is_one()
    {
        Node.SocketFault = static (number, request, _) => Task.FromResult(number % 4 == 1
            ? $$$"""{"jsonrpc":"2.0","id":{{{request.GetProperty("id")}}},"error":{"code":429,"message":"slow down"}}"""
            : null);
        AssertAllBlocks();
    }

    [Test]
    public void A_node_that_does_not_answer_is_given_up_and_each_attempt_has_a_new_connection()
    {
        Node.SocketFault = static async (_, _, _) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(30));
            return null;
        };
        AssertFails("no whole answer within 0.7 s", "4 attempts");
        Assert.That(Node.Openings, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_message_without_end_is_given_up()
    {
        Node.SocketFault = static async (_, _, socket) =>
        {
            for (int piece = 0; piece < 2_000; piece++)
            {
                await socket.SendAsync(new byte[16 << 10].AsMemory(), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
            }

            return string.Empty;
        };
        AssertFails("longer than 1048576 bytes");
    }
}
