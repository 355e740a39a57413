namespace Fvm.Files;

/// <summary>What a path leads to.</summary>
public enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>What cannot be told: the path cannot be walked, or the system has no word for it.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, where links are not followed.</summary>
    Link,

    /// <summary>A FIFO or a pipe.</summary>
    Pipe,

    /// <summary>A device; it may have no end.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,
}
