using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// The host's wish to stop a message, for the code that runs: also code that computes without a syscall has to end. Instances begin and end on
/// the message's thread; the wish may come from any other.
/// </summary>
/// <param name="token">Says that the message is to stop.</param>
internal sealed class StopRequest(CancellationToken token) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<IWasmInstance> _running = [];
    private CancellationTokenRegistration _registration;

    /// <summary>Whether the message is to stop.</summary>
    public bool IsMade => token.IsCancellationRequested;

    /// <summary>Notes an instance before its code runs; the one noted last ends first.</summary>
    public void Begin(IWasmInstance instance)
    {
        if (_registration == default)
        {
            _registration = token.UnsafeRegister(static state => ((StopRequest)state!).StopAll(), this);
        }

        lock (_gate)
        {
            _running.Push(instance);
            if (IsMade)
            {
                instance.Stop();
            }
        }
    }

    /// <summary>Forgets the instance that began last. Nothing touches it any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _running.Pop();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();

    private void StopAll()
    {
        lock (_gate)
        {
            foreach (IWasmInstance instance in _running)
            {
                instance.Stop();
            }
        }
    }
}
