using System.Runtime.InteropServices;

namespace Fvm.Files;

/// <summary>Loads native libraries. They are never unloaded.</summary>
public static partial class SharedLibrary
{
    private const int Now = 2;
    private const int Global = 0x100;

    /// <summary>Loads a library from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isGlobal">Whether libraries that are loaded later find its symbols.</param>
    /// <exception cref="FileException">There is no such file, or it cannot be loaded.</exception>
    public static nint Load(string path, bool isGlobal = false)
    {
        FileKind kind = FileStatus.Of(path).Kind;
        if (kind != FileKind.Regular)
        {
            throw new FileException(path, kind switch
            {
                FileKind.Missing => FileException.CauseOf(new FileNotFoundException()),
                FileKind.Folder => "it is a folder",
                _ => "it is not a regular file",
            });
        }

        if (!OperatingSystem.IsLinux())
        {
            return NativeLibrary.TryLoad(path, out nint found) ? found : throw new FileException(path, "it is no library for this system");
        }

        // Bound before it is needed: binding a function clears the loader's last error.
        _ = dlerror();
        nint library = dlopen(Path.GetFullPath(path), isGlobal ? Now | Global : Now);
        return library != 0 ? library : throw new FileException(path, $"cannot be loaded: {LastError()}");
    }

    // Sound: the loader's text is terminated, and valid until its next call on this thread.
    private static string LastError() => Marshal.PtrToStringUTF8(dlerror()) ?? "no reason given";

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string path, int flags);

    [LibraryImport("libc")]
    private static partial nint dlerror();
}
