// From the arguments of a command to vectors, one after another.
using System.IO.Compression;
using Fvm.Files;

namespace Fvm.Vectors;

/// <summary>
/// Reads vectors from files: <c>VECTOR.json</c>, <c>SET.ndjson</c> or <c>SET.ndjson.gz</c> (a vector a line),
/// <c>SET.ndjson.gz#ID</c> (one vector of a set), and folders (every such file below them, in the order of their names).
/// Only one vector is held at a time.
/// </summary>
public static class VectorFiles
{
    // The longest recorded vector has 0.4 MB; what is refused here is no vector.
    private const int MaxVectorBytes = 256 * 1024 * 1024;

    /// <summary>Every vector of the arguments, in order. What cannot be read comes as an error in its place, and reading goes on behind it.</summary>
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

    /// <summary>How many vectors <see cref="Read"/> will give, without parsing them: for a progress bar, so errors count as one.</summary>
    public static int Count(IEnumerable<string> arguments) => arguments.Sum(CountArgument);

    private static int CountArgument(string argument)
    {
        if (Directory.Exists(argument))
        {
            return Math.Max(1, FilesOf(argument).Sum(CountFile));
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
            while (lines.TryRead(out ReadOnlyMemory<byte> line))
            {
                count += line.Length > 0 ? 1 : 0;
            }

            return null;
        });
        return counted.Error is null ? count : count + 1;
    }

    private static IEnumerable<VectorOrError> ReadArgument(string argument)
    {
        if (Directory.Exists(argument))
        {
            IReadOnlyList<string> files = FilesOf(argument);
            if (files.Count == 0)
            {
                return [VectorOrError.Failed($"{argument}: no *.json, *.ndjson or *.ndjson.gz in this folder")];
            }

            return files.SelectMany(file => ReadFile(file, id: null));
        }

        int hash = argument.LastIndexOf('#');
        return hash < 0 || File.Exists(argument) ? ReadFile(argument, id: null) : ReadFile(argument[..hash], argument[(hash + 1)..]);
    }

    private static IReadOnlyList<string> FilesOf(string folder)
    {
        List<string> files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsVectorFile)];
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static bool IsVectorFile(string file) =>
        file.EndsWith(".json", StringComparison.Ordinal) || IsSet(file);

    private static bool IsSet(string file) =>
        file.EndsWith(".ndjson", StringComparison.Ordinal) || file.EndsWith(".ndjson.gz", StringComparison.Ordinal);

    private static IEnumerable<VectorOrError> ReadFile(string file, string? id) =>
        IsSet(file) ? ReadSet(file, id) : ReadSingle(file, id);

    private static IEnumerable<VectorOrError> ReadSingle(string file, string? id)
    {
        VectorOrError entry = Guard(file, () => ReadVector(file));
        yield return entry.Vector is not null && id is not null && entry.Vector.Id != id
            ? VectorOrError.Failed($"{file}: no vector '{id}' in it; its id is '{entry.Vector.Id}'")
            : entry;
    }

    private static Vector ReadVector(string file)
    {
        using Stream stream = Open(file);
        if (stream.CanSeek && stream.Length > MaxVectorBytes)
        {
            throw new InputException($"it has more than {MaxVectorBytes} bytes");
        }

        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return VectorParser.Parse(bytes.ToArray(), file, inSet: false);
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
            for (int number = 1; ; number++)
            {
                string where = $"{file} line {number}";
                ReadOnlyMemory<byte> line = default;
                bool more = false;
                VectorOrError read = Guard(where, () =>
                {
                    more = lines.TryRead(out line);
                    return null;
                });
                if (read.Error is not null)
                {
                    yield return read;
                    yield break;
                }

                if (!more)
                {
                    break;
                }

                if (line.Length == 0 || (id is not null && !MayHold(line.Span, id)))
                {
                    continue;
                }

                VectorOrError entry = Guard(where, () => VectorParser.Parse(line, file, inSet: true));
                if (id is null || entry.Vector?.Id == id)
                {
                    found = true;
                    yield return entry;
                }
            }

            if (id is not null && !found)
            {
                yield return VectorOrError.Failed($"{file}: no vector '{id}' in it");
            }
        }
    }

    // Spares parsing the lines that cannot be meant.
    private static bool MayHold(ReadOnlySpan<byte> line, string id) =>
        line.IndexOf(System.Text.Encoding.UTF8.GetBytes(id)) >= 0;

    private static Stream Open(string file)
    {
        FileStream stream = InputFile.Open(file);
        return file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

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
        catch (InvalidDataException)
        {
            return VectorOrError.Failed($"{where}: its gzip compression is corrupt");
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
