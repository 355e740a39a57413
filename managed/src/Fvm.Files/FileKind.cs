namespace Fvm.Files;

/// <summary>The kind of file at a path.</summary>
public enum FileKind
{
    /// <summary>No file.</summary>
    Missing,

    /// <summary>Cannot be determined: the path cannot be resolved, or the system reports an unknown kind.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link (when links are not followed).</summary>
    Link,

    /// <summary>A FIFO or a pipe.</summary>
    Pipe,

    /// <summary>A device, possibly endless.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,
}
