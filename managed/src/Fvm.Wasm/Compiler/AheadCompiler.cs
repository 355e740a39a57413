using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>Compiles modules after they were loaded, one after another on a thread of its own that lets others go first.</summary>
internal sealed class AheadCompiler : IDisposable
{
    private readonly BlockingCollection<WeakReference<CompiledCode>> _codes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    public AheadCompiler()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "Wasm compiler", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    public void Add(CompiledCode code) => _codes.Add(new WeakReference<CompiledCode>(code));

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _codes.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            foreach (WeakReference<CompiledCode> waiting in _codes.GetConsumingEnumerable(_stop.Token))
            {
                // What was disposed of meanwhile must not be kept for being in the queue.
                if (waiting.TryGetTarget(out CompiledCode? code))
                {
                    Compile(code);
                }
            }
        }
        catch (Exception)
        {
            // The engine is no more, or the process has no memory even for waiting: then each function is compiled when it is called.
        }
    }

    private void Compile(CompiledCode code)
    {
        try
        {
            code.CompileAhead(_stop.Token);
        }
        catch (Exception)
        {
            // The process must not end for what nobody called yet: whoever calls it meets the same, and knows which message it is for.
        }
    }
}
