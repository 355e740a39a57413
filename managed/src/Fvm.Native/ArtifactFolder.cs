using System.Globalization;
using Fvm.Files;

namespace Fvm.Native;

/// <summary>
/// The folder for artifacts of actors in debug mode (<c>FVM_STORE_ARTIFACT_DIR</c>), by machine, sender, nonce, actor, call and name.
/// </summary>
/// <param name="folder">The folder; null to discard artifacts, with a note in the log.</param>
/// <param name="machine">The name of the machine's subfolder.</param>
/// <param name="log">Receives a line per artifact.</param>
internal sealed class ArtifactFolder(string? folder, string machine, Log log) : IArtifactStore
{
    /// <summary>The environment variable with the folder's path.</summary>
    public const string Variable = "FVM_STORE_ARTIFACT_DIR";

    /// <inheritdoc/>
    public void Store(ActorId origin, ulong nonce, ActorId actor, ulong invocation, string name, ReadOnlySpan<byte> data)
    {
        if (folder is null)
        {
            log.Write(LogLevel.Error, $"store_artifact was ignored, env var {Variable} was not set");
            return;
        }

        try
        {
            string place = Path.Combine(folder, machine, Text(origin.Value), Text(nonce), Text(actor.Value), Text(invocation));
            Directory.CreateDirectory(place);
            byte[] content = data.ToArray();
            AtomicFile.Write(Path.Combine(place, name), file => file.Write(content));
            log.Write(LogLevel.Info, $"wrote artifact: {name} to {place}");
        }
        catch (Exception e) when (FileException.IsAboutFiles(e) || e is ArgumentException or NotSupportedException)
        {
            log.Write(LogLevel.Error, $"failed to store debug artifact {name}: {FileException.CauseOf(e)}");
        }
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
