using System.Globalization;
using System.Net;
using System.Text;
using Fvm.Chain;

namespace Fvm.Cli;

/// <summary>The metrics of <c>fvm chain follow</c>, in the text format of Prometheus over HTTP. Thread-safe.</summary>
internal sealed class FollowMetrics(RpcChain rpc) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly long[] _results = new long[Enum.GetValues<TipsetStatus>().Length];
    private HttpListener? _listener;
    private double _seconds;
    private long _verified = -1;
    private ulong _verifiedTime;
    private long _reorganisations;

    /// <summary>Whether the node answered last time.</summary>
    public bool IsUp { get; set; }

    /// <summary>The head's epoch.</summary>
    public long Head { get; set; }

    /// <summary>Serves the metrics.</summary>
    /// <param name="address">Address and port; null for none.</param>
    /// <exception cref="UsageException">It is malformed, or in use.</exception>
    public void Serve(string? address)
    {
        if (address is null)
        {
            return;
        }

        if (!IPEndPoint.TryParse(address, out IPEndPoint? place) || place.Port == 0)
        {
            throw new UsageException($"--metrics: '{address}' is not an IP address and a port, such as 127.0.0.1:9464");
        }

        string host = place.Address.Equals(IPAddress.Any) || place.Address.Equals(IPAddress.IPv6Any) ? $"+:{place.Port}" : place.ToString();
        _listener = new HttpListener();
        _listener.Prefixes.Add($"http://{host}/");
        try
        {
            _listener.Start();
        }
        catch (HttpListenerException exception)
        {
            throw new UsageException($"--metrics {address}: {exception.Message}");
        }

        _ = Task.Run(() => AnswerAsync(_listener));
    }

    /// <summary>Counts a tipset.</summary>
    public void Add(TipsetReport report, long reorganisations)
    {
        lock (_gate)
        {
            _results[(int)report.Status]++;
            _seconds += report.Time.TotalSeconds;
            _verified = report.Tipset.Epoch.Value;
            _verifiedTime = report.Tipset.Timestamp;
            _reorganisations = reorganisations;
        }
    }

    public void Dispose() => _listener?.Close();

    /// <summary>The page.</summary>
    public override string ToString()
    {
        StringBuilder page = new();
        lock (_gate)
        {
            Write(page, "fvm_chain_node_up", "gauge", "Whether the node answered the last request.", IsUp ? 1 : 0);
            Write(page, "fvm_chain_head_epoch", "gauge", "The epoch of the node's head.", Head);
            if (_verified >= 0)
            {
                double now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
                Write(page, "fvm_chain_checked_epoch", "gauge", "The epoch of the tipset that was checked last.", _verified);
                Write(page, "fvm_chain_lag_epochs", "gauge", "The epochs between that and the head.", Head - _verified);
                Write(page, "fvm_chain_lag_seconds", "gauge", "The seconds since the time of that tipset.", Math.Max(0, now - _verifiedTime));
            }

            page.Append("# HELP fvm_chain_tipsets_total Tipsets by the result of their check.\n# TYPE fvm_chain_tipsets_total counter\n");
            foreach (TipsetStatus status in Enum.GetValues<TipsetStatus>())
            {
                string name = ChainReplaySummary.NameOf(status);
                page.Append(CultureInfo.InvariantCulture, $"fvm_chain_tipsets_total{{result=\"{name}\"}} {_results[(int)status]}\n");
            }

            Write(page, "fvm_chain_execution_seconds_total", "counter", "Time of execution.", _seconds);
            Write(page, "fvm_chain_reorganisations_total", "counter", "Reorganisations that replaced tipsets that were checked.", _reorganisations);
            Write(page, "fvm_chain_blocks_received_total", "counter", "Blocks that the node sent.", rpc.BlocksReceived);
            Write(page, "fvm_chain_bytes_received_total", "counter", "Their bytes.", rpc.BytesReceived);
        }

        return page.ToString();
    }

    private static void Write(StringBuilder page, string name, string type, string help, double value) =>
        page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value:R}\n");

    private async Task AnswerAsync(HttpListener listener)
    {
        while (listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await listener.GetContextAsync().ConfigureAwait(false);
                bool known = context.Request.HttpMethod == "GET" && context.Request.Url?.AbsolutePath is "/metrics" or "/";
                byte[] page = Encoding.UTF8.GetBytes(known ? ToString() : "the metrics are at /metrics\n");
                context.Response.StatusCode = known ? 200 : 404;
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                context.Response.Close(page, willBlock: false);
            }
            catch (Exception exception) when (exception is HttpListenerException or InvalidOperationException or IOException)
            {
                // The client has gone, or the page is closed.
            }
        }
    }
}
