using System.Collections.Concurrent;

namespace Fvm.Native;

/// <summary>Says once of each kind of proof that the process cannot verify it.</summary>
/// <param name="log">Where it is said.</param>
internal sealed class MissingProofs(Log log)
{
    private readonly ConcurrentDictionary<string, bool> _said = new();

    /// <summary>What a call without its function ends with.</summary>
    /// <param name="function">The name of what is missing.</param>
    public ProofException Missing(string function)
    {
        if (_said.TryAdd(function, true))
        {
            log.Write(
                LogLevel.Error,
                $"this process has no {function}: proofs that need it are refused. Link filecoin-ffi's proofs library to verify them");
        }

        return new ProofException($"the process has no {function} to verify the proof with");
    }
}
