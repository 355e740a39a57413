using System.Runtime.InteropServices;
using Fvm.Files;

namespace Fvm.Hosting;

/// <summary>
/// A library that verifies proofs, with filecoin-ffi's functions. It reads the verifying keys from a folder that the environment names.
/// Thread-safe.
/// </summary>
public sealed class ProofsLibrary
{
    /// <summary>The environment's variable with the folder of the keys.</summary>
    public const string KeysVariable = "FIL_PROOFS_PARAMETER_CACHE";

    private const string DefaultKeys = "/var/tmp/filecoin-proof-parameters";

    private readonly ProofFunctions _functions;

    private ProofsLibrary(ProofFunctions functions) => _functions = functions;

    /// <summary>Loads a library; it stays loaded.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="FileException">It cannot be loaded, or lacks a function; or there are no keys, without which no proof is valid.</exception>
    public static ProofsLibrary Load(string path)
    {
        nint library = SharedLibrary.Load(path);
        ProofFunctions functions = ProofFunctions.From(
            index => NativeLibrary.TryGetExport(library, ProofFunctions.Names[index], out nint function) ? function : 0);
        if (functions.Missing.Count > 0)
        {
            throw new FileException(path, $"the library has no {string.Join(", ", functions.Missing)}, so it cannot verify proofs");
        }

        string keys = Environment.GetEnvironmentVariable(KeysVariable) is { Length: > 0 } named ? named : DefaultKeys;
        return HasKeys(keys)
            ? new ProofsLibrary(functions)
            : throw new FileException(keys, $"the folder has no verifying keys (*.vk); {KeysVariable} names another one");
    }

    /// <summary>The verifier by the rules of a network version.</summary>
    public IProofs For(NetworkVersion version) => new NativeProofs(
        _functions, NetworkRules.For(version), static _ => { }, static function => new ProofException($"there is no {function}"));

    private static bool HasKeys(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*.vk").Any();
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            throw new FileException(folder, $"{FileException.CauseOf(exception)}; {KeysVariable} names the folder of the verifying keys", exception);
        }
    }
}
