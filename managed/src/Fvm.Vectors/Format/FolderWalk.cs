namespace Fvm.Vectors;

/// <summary>Walks folders and symbolic links; visits each folder and file once, however many links lead to it.</summary>
internal static class FolderWalk
{
    // Linux's limit of links in one path (ELOOP).
    private const int MaxLinks = 40;

    /// <summary>The files below a folder that satisfy <paramref name="wanted"/>, ordered by path.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a folder is denied.</exception>
    public static IReadOnlyList<string> Files(string root, Func<string, bool> wanted)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> files = [];

        // A link to an ancestor folder must not widen the walk.
        for (string? above = Path.GetDirectoryName(RealPath(root)); above is not null; above = Path.GetDirectoryName(above))
        {
            seen.Add(above);
        }

        // Links are followed after the folder's own files, so that a file is listed under its own path.
        Queue<string> links = new();
        Stack<string> folders = new();
        folders.Push(root);
        while (folders.TryPop(out string? folder) || links.TryDequeue(out folder))
        {
            bool isFile = !Directory.Exists(folder);
            if (!seen.Add(RealPath(folder)))
            {
                continue;
            }

            if (isFile)
            {
                files.Add(folder);
                continue;
            }

            IEnumerable<FileSystemInfo> entries = new DirectoryInfo(folder).EnumerateFileSystemInfos();
            foreach (FileSystemInfo entry in entries.OrderByDescending(static entry => entry.Name, StringComparer.Ordinal))
            {
                string path = Path.Combine(folder, entry.Name);
                bool leadsToFolder = Directory.Exists(path);
                if (!leadsToFolder && !wanted(path))
                {
                    continue;
                }

                if (entry.LinkTarget is not null)
                {
                    links.Enqueue(path);
                }
                else if (leadsToFolder)
                {
                    folders.Push(path);
                }
                else if (seen.Add(RealPath(path)))
                {
                    files.Add(path);
                }
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    // The path without links; a dangling link stays as it is.
    private static string RealPath(string path)
    {
        Stack<string> left = new(Parts(Path.GetFullPath(path)));
        string real = Path.GetPathRoot(Path.GetFullPath(path)) ?? string.Empty;
        int links = 0;
        while (left.TryPop(out string? part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            string next = Path.Combine(real, part);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null || links++ >= MaxLinks)
            {
                real = next;
                continue;
            }

            if (Path.IsPathRooted(target))
            {
                real = Path.GetPathRoot(target) ?? real;
            }

            foreach (string targetPart in Parts(target))
            {
                left.Push(targetPart);
            }
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".").Reverse();
}
