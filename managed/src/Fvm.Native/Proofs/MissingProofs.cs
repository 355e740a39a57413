using System.Collections.Concurrent;

namespace Fvm.Native;

/// <summary>Logs once per kind of proof that the process cannot verify it.</summary>
/// <param name="log">Receives the lines.</param>
internal sealed class MissingProofs(Log log)
{
    private readonly ConcurrentDictionary<string, bool> _said = new();

    /// <summary>The exception for a call whose function is missing.</summary>
    /// <param name="function">The missing function's name.</param>
    public ProofException Missing(string function)
    {
        if (_said.TryAdd(function, true))
        {
            log.Write(
                LogLevel.Error,
                $"this process has no {function}: proofs that need it are rejected. Link filecoin-ffi's proofs library to verify them");
        }

        return new ProofException($"the process has no {function} to verify the proof");
    }
}
