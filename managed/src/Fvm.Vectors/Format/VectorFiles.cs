using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// Reads vectors from files: <c>VECTOR.json</c>, <c>SET.ndjson</c> or <c>SET.ndjson.gz</c> (one vector per line; gzip or Zstandard),
/// <c>SET.ndjson.gz#ID</c> (one vector of a set), and folders (every such file below them once, ordered by name). Holds one vector at a time.
/// </summary>
public static class VectorFiles
{
    // The longest recorded vector has 0.4 MB; anything over this limit is not a vector.
    private const int MostVectorBytes = 256 << 20;

    // One vector's text may use 1/16 of the process's memory limit.
    private const int MemoryShare = 16;

    private static int MaxVectorBytes => (int)Math.Min(MostVectorBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare);

    /// <summary>Every vector of the arguments, in order. Unreadable ones are returned as errors in their place, and reading continues.</summary>
    public static IEnumerable<VectorOrError> Read(IEnumerable<string> arguments)
    {
        foreach (string argument in arguments)
        {
            foreach (VectorOrError entry in ReadArgument(argument))
            {
                yield return entry;
            }
        }
    }

    /// <summary>The number of items of <see cref="Read"/>, without parsing them: for a progress bar, so errors count as one.</summary>
    public static int Count(IEnumerable<string> arguments) => arguments.Sum(CountArgument);

    private static int CountArgument(string argument)
    {
        if (Directory.Exists(argument))
        {
            int count = 0;
            Guard(argument, () =>
            {
                count = FilesOf(argument).Sum(CountFile);
                return null;
            });
            return Math.Max(1, count);
        }

        return File.Exists(argument) ? CountFile(argument) : 1;
    }

    private static int CountFile(string file)
    {
        if (!IsSet(file))
        {
            return 1;
        }

        int count = 0;
        VectorOrError counted = Guard(file, () =>
        {
            using Stream stream = Open(file);
            BoundedLineReader lines = new(stream, MaxVectorBytes);
            while (lines.TryRead(out _))
            {
                count++;
            }

            return null;
        });
        return counted.Error is null && count > 0 ? count : count + 1;
    }

    private static IEnumerable<VectorOrError> ReadArgument(string argument)
    {
        if (Directory.Exists(argument))
        {
            IReadOnlyList<string> files = [];
            VectorOrError walked = Guard(argument, () =>
            {
                files = FilesOf(argument);
                return null;
            });
            if (files.Count == 0)
            {
                return [VectorOrError.Failed(walked.Error ?? $"{argument}: no *.json, *.ndjson, *.ndjson.gz or *.ndjson.zst in this folder")];
            }

            return files.SelectMany(file => ReadFile(file, id: null));
        }

        int hash = argument.LastIndexOf('#');
        return hash < 0 || File.Exists(argument) ? ReadFile(argument, id: null) : ReadFile(argument[..hash], argument[(hash + 1)..]);
    }

    private static IReadOnlyList<string> FilesOf(string folder) => FolderWalk.Files(folder, IsVectorFile);

    private static bool IsVectorFile(string file) =>
        file.EndsWith(".json", StringComparison.Ordinal) || IsSet(file);

    private static bool IsSet(string file) =>
        file.EndsWith(".ndjson", StringComparison.Ordinal) || file.EndsWith(".ndjson.gz", StringComparison.Ordinal)
        || file.EndsWith(".ndjson.zst", StringComparison.Ordinal);

    private static IEnumerable<VectorOrError> ReadFile(string file, string? id) =>
        IsSet(file) ? ReadSet(file, id) : ReadSingle(file, id);

    private static IEnumerable<VectorOrError> ReadSingle(string file, string? id)
    {
        VectorOrError entry = Guard(file, () => ReadVector(file));
        yield return entry.Vector is not null && id is not null && entry.Vector.Id != id
            ? VectorOrError.Failed($"{file}: contains no vector '{id}'; its id is '{entry.Vector.Id}'")
            : entry;
    }

    private static Vector ReadVector(string file)
    {
        using Stream stream = Open(file);
        int most = MaxVectorBytes;
        using MemoryStream bytes = new();
        byte[] part = new byte[64 << 10];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (bytes.Length + read > most)
            {
                throw new InputException($"it has more than {most} bytes after decompression");
            }

            bytes.Write(part.AsSpan(0, read));
        }

        return VectorParser.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), file, inSet: false);
    }

    private static IEnumerable<VectorOrError> ReadSet(string file, string? id)
    {
        Stream? stream = null;
        VectorOrError opened = Guard(file, () =>
        {
            stream = Open(file);
            return null;
        });
        if (stream is null)
        {
            yield return opened;
            yield break;
        }

        using (stream)
        {
            BoundedLineReader lines = new(stream, MaxVectorBytes);
            bool found = false;
            bool empty = true;
            while (true)
            {
                ReadOnlyMemory<byte> line = default;
                bool more = false;
                VectorOrError read = Guard(string.Empty, () =>
                {
                    more = lines.TryRead(out line);
                    return null;
                });
                string where = $"{file} line {lines.Number}";
                if (read.Error is not null)
                {
                    yield return VectorOrError.Failed($"{where}{read.Error}");
                    yield break;
                }

                if (!more)
                {
                    break;
                }

                empty = false;
                if (id is not null && !MayHold(line.Span, id))
                {
                    continue;
                }

                VectorOrError entry = Guard(where, () => VectorParser.Parse(line, file, inSet: true));
                if (id is null || entry.Vector?.Id == id)
                {
                    found = true;
                    yield return entry;
                }

                // IDs are unique within a set; decompressing the rest of a large one takes longer than most vectors.
                if (id is not null && found)
                {
                    yield break;
                }
            }

            if (empty)
            {
                yield return VectorOrError.Failed($"{file}: contains no vector");
            }
            else if (id is not null && !found)
            {
                yield return VectorOrError.Failed($"{file}: contains no vector '{id}'");
            }
        }
    }

    // Skips parsing lines that cannot match.
    private static bool MayHold(ReadOnlySpan<byte> line, string id) =>
        line.IndexOf(System.Text.Encoding.UTF8.GetBytes(id)) >= 0;

    private static UnpackingStream Open(string file) => new(InputFile.Open(file));

    private static VectorOrError Guard(string where, Func<Vector?> read)
    {
        try
        {
            return new VectorOrError(read(), null);
        }
        catch (InputException exception)
        {
            return VectorOrError.Failed($"{where}: {exception.Message}");
        }
        catch (FileException exception)
        {
            return VectorOrError.Failed(exception.Message);
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            return VectorOrError.Failed($"{where}: {FileException.CauseOf(exception)}");
        }
    }
}
