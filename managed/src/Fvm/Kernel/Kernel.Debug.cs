using System.Text;

namespace Fvm;

internal sealed partial class Kernel
{
    private const int MaxArtifactNameLength = 256;

    /// <summary>Whether actor debugging is on. Free of charge.</summary>
    public bool IsDebugEnabled => _execution.Context.Network.ActorDebugging;

    /// <summary>Writes a line to the trace.</summary>
    public void Log(string message)
    {
        if (_execution.Rules.Machine.TracesBlocksAndLogs)
        {
            _execution.Trace?.Add(new LogEvent(message));
        }
    }

    /// <summary>Passes a named artifact to the machine's artifact store, if it has one.</summary>
    public Outcome StoreArtifact(string name, ReadOnlySpan<byte> data)
    {
        if (Encoding.UTF8.GetByteCount(name) > MaxArtifactNameLength)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, "debug artifact name should not exceed 256 bytes");
        }

        if (name.Contains('/'))
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, "debug artifact name should not include any path separators");
        }

        if (name.Length == 0) return Outcome.Error(ErrorNumber.IllegalArgument, "debug artifact name should be at least one character");

        if (name[0] == '.') return Outcome.Error(ErrorNumber.IllegalArgument, "debug artifact name should not start with a '.'");

        _execution.Machine.Artifacts?.Store(_execution.Origin, _execution.Nonce, Receiver, _execution.InvocationCount, name, data);
        return Outcome.Ok;
    }
}
