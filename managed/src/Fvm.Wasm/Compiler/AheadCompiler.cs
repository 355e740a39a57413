using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>Compiles loaded modules in the background, one after another, on a dedicated thread of below-normal priority.</summary>
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
                // The queue holds weak references, so that it does not keep disposed code alive.
                if (waiting.TryGetTarget(out CompiledCode? code))
                {
                    Compile(code);
                }
            }
        }
        catch (Exception)
        {
            // The engine was disposed of, or there is no memory even for waiting: then each function is compiled at its first call.
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
            // A background failure must not end the process: the first real call hits the same error and reports it with its message.
        }
    }
}
