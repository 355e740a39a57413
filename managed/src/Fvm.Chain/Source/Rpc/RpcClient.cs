using System.Diagnostics;
using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Sends calls to a node, again after transient failures: with exponentially growing, random pauses, or those that the node asks for. Thread-safe.
/// </summary>
internal sealed class RpcClient(RpcEndpoint endpoint, RpcSettings settings, IRpcTransport transport) : IDisposable
{
    // A node that was never there is more likely a wrong URL.
    private const int AttemptsToReach = 3;

    // In ticks of the stopwatch; before it no request is sent.
    private long _pausedUntil;
    private long _lastId;
    private volatile bool _hasAnswered;
    private volatile bool _single = endpoint.IsWebSocket;

    /// <summary>The most calls in one request.</summary>
    public int BatchSize => _single ? 1 : settings.BatchSize;

    /// <summary>The node's URL, for errors.</summary>
    public string Name => endpoint.Name;

    /// <summary>Calls a method.</summary>
    /// <exception cref="BlockstoreException">All attempts failed.</exception>
    public async Task<RpcAnswer> CallAsync(string method, string parameters, CancellationToken cancellation) =>
        (await CallAsync(method, [parameters], cancellation).ConfigureAwait(false))[0];

    /// <summary>Calls a method with several parameters.</summary>
    /// <exception cref="BlockstoreException">All attempts failed.</exception>
    public async Task<IReadOnlyList<RpcAnswer>> CallAsync(string method, IReadOnlyList<string> parameters, CancellationToken cancellation)
    {
        long first = Interlocked.Add(ref _lastId, parameters.Count) - parameters.Count + 1;
        RpcCall[] calls = [.. parameters.Select((each, index) => new RpcCall(first + index, method, each))];
        if (calls.Length <= BatchSize)
        {
            try
            {
                return await AttemptAsync(method, calls, cancellation).ConfigureAwait(false);
            }
            catch (RpcException exception) when (exception.RefusesBatch)
            {
                _single = true;
            }
        }

        List<RpcAnswer> answers = [];
        foreach (RpcCall call in calls)
        {
            answers.AddRange(await AttemptAsync(method, [call], cancellation).ConfigureAwait(false));
        }

        return answers;
    }

    /// <summary>A pause before the next attempt.</summary>
    public Task PauseAsync(int attempt, CancellationToken cancellation) =>
        Task.Delay(settings.FirstPause > TimeSpan.Zero ? PauseAfter(attempt) : TimeSpan.Zero, cancellation);

    /// <summary>An error in one line.</summary>
    public BlockstoreException Failed(string method, string problem) => new($"{endpoint.Name}, {method}: {problem}");

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private async Task<IReadOnlyList<RpcAnswer>> AttemptAsync(string method, RpcCall[] calls, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            await WaitUntilAllowedAsync(cancellation).ConfigureAwait(false);
            RpcException problem;
            try
            {
                using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                deadline.CancelAfter(settings.Deadline);
                IReadOnlyList<RpcAnswer> answers = await transport.SendAsync(calls, deadline.Token).ConfigureAwait(false);
                _hasAnswered = true;
                if (!answers.Any(static answer => answer.IsRateLimit))
                {
                    return answers;
                }

                problem = new RpcException("the node refuses further requests for now", isTransient: true);
            }
            catch (RpcException exception)
            {
                problem = exception;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                problem = new RpcException(
                    string.Create(CultureInfo.InvariantCulture, $"no whole answer within {settings.Deadline.TotalSeconds:0.#} s"), isTransient: true);
            }

            if (problem.RefusesBatch)
            {
                throw problem;
            }

            int most = problem.IsUnreachable && !_hasAnswered ? Math.Min(AttemptsToReach, settings.Attempts) : settings.Attempts;
            if (!problem.IsTransient || attempt >= most || problem.RetryAfter > settings.LongestRetryAfter)
            {
                string tries = attempt == 1
                    ? string.Empty
                    : string.Create(CultureInfo.InvariantCulture, $" ({attempt} attempts in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.#} s)");
                throw Failed(method, problem.Message + tries);
            }

            if (problem.RetryAfter is TimeSpan asked)
            {
                PauseAll(asked);
            }

            await PauseAsync(attempt, cancellation).ConfigureAwait(false);
        }
    }

    // Half of it random, so that many clients do not come back at once.
    private TimeSpan PauseAfter(int attempt)
    {
        double longest = Math.Min(settings.FirstPause.TotalSeconds * Math.Pow(2, attempt - 1), settings.LongestPause.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }

    private void PauseAll(TimeSpan pause)
    {
        long until = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
        long known = Interlocked.Read(ref _pausedUntil);
        while (until > known && Interlocked.CompareExchange(ref _pausedUntil, until, known) is long now && now != known)
        {
            known = now;
        }
    }

    private async Task WaitUntilAllowedAsync(CancellationToken cancellation)
    {
        for (long now = Stopwatch.GetTimestamp(), until; (until = Interlocked.Read(ref _pausedUntil)) > now; now = Stopwatch.GetTimestamp())
        {
            await Task.Delay(Stopwatch.GetElapsedTime(now, until) + TimeSpan.FromMilliseconds(1), cancellation).ConfigureAwait(false);
        }
    }
}
