using System.Net;
using System.Text.RegularExpressions;

namespace Fvm.Node.Tests;

public sealed partial class NodePageTests
{
    private RpcServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        RpcDispatcher dispatcher = new(new RpcRegistry(), new RpcLimits());
        _server = await RpcServer.StartAsync(new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, dispatcher);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Port}") };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Every_file_that_the_page_names_is_served_and_none_is_elsewhere()
    {
        Queue<string> open = new(["/"]);
        HashSet<string> seen = ["/"];
        while (open.TryDequeue(out string? path))
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            string text = await response.Content.ReadAsStringAsync();
            Assert.That(text, Is.Not.Empty, path);

            // The only other address is the name space of SVG.
            Assert.That(Address().Matches(text).Select(match => match.Value), Is.All.EqualTo("http://www.w3.org/2000/svg"), path);
            IEnumerable<string> named = FileOfPage().Matches(text).Select(match => match.Value)
                .Concat(ImportedModule().Matches(text).Select(match => $"/page/{match.Groups[1].Value}"));
            foreach (string file in named.Where(seen.Add))
            {
                open.Enqueue(file);
            }
        }

        Assert.That(seen, Has.Count.EqualTo(12));
    }

    [TestCase("/", "text/html")]
    [TestCase("/page/main.js", "text/javascript")]
    [TestCase("/page/page.css", "text/css")]
    [TestCase("/page/icon.svg", "image/svg+xml")]
    public async Task Files_have_their_type_and_a_policy_without_foreign_or_inline_scripts(string path, string type)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(type));
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("script-src 'self';").And.Not.Contain("unsafe"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
    }

    [Test]
    public async Task An_unchanged_file_is_not_sent_again_and_HEAD_has_no_body()
    {
        using HttpResponseMessage first = await _client.GetAsync(new Uri("/", UriKind.Relative));
        using HttpRequestMessage again = new(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await _client.SendAsync(again);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        using HttpRequestMessage head = new(HttpMethod.Head, "/");
        using HttpResponseMessage third = await _client.SendAsync(head);
        Assert.That(third.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(third.Content.Headers.ContentLength, Is.EqualTo(first.Content.Headers.ContentLength));
        Assert.That(await third.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [TestCase("/page/")]
    [TestCase("/page/other.js")]
    [TestCase("/page/../page/main.jsx")]
    [TestCase("/page/%2e%2e/%2e%2e/etc/passwd")]
    [TestCase("/rpc/v1")]
    public async Task Other_paths_say_what_the_node_answers(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("POST"));
    }

    [GeneratedRegex("https?://[^\"'` ]*")]
    private static partial Regex Address();

    [GeneratedRegex("/page/[a-z]+\\.[a-z]+")]
    private static partial Regex FileOfPage();

    [GeneratedRegex("from \"\\./([a-z]+\\.js)\"")]
    private static partial Regex ImportedModule();
}
