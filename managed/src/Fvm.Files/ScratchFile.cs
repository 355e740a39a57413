namespace Fvm.Files;

/// <summary>Files for what does not fit into memory: without a name, so that nobody sees them, and gone with the process.</summary>
public static class ScratchFile
{
    /// <summary>Opens an empty file.</summary>
    /// <param name="folder">The folder on whose disk it is.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static FileStream Open(string folder)
    {
        string path = Path.Combine(folder, $".fvm-{Guid.NewGuid():N}.scratch");
        FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
        });
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }
}
