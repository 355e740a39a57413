using System.Globalization;
using System.Text.Json;
using Fvm.Diff;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>The folder of a run: <c>inputs/</c>, <c>finds/</c>, and <c>progress.json</c>, by which it is continued.</summary>
internal sealed class CorpusFolder
{
    private const string Inputs = "inputs";
    private const string Finds = "finds";
    private const string Slow = "slow";
    private const int MostInputs = 4_000;

    private readonly string _path;

    /// <exception cref="InputException">It has a run and is not to be continued, or cannot be continued.</exception>
    public CorpusFolder(string path, bool resume)
    {
        _path = path;
        bool exists = File.Exists(Progress);
        if (exists && !resume)
        {
            throw new InputException($"{path} has the corpus of an earlier run: continue it with --resume, or name another folder with --corpus");
        }

        if (resume && !exists)
        {
            throw new InputException($"{path} has no corpus to resume: {Path.GetFileName(Progress)} is missing");
        }

        Directory.CreateDirectory(Path.Combine(path, Inputs));
        Directory.CreateDirectory(Path.Combine(path, Finds));
        Directory.CreateDirectory(Path.Combine(path, Slow));
        if (resume)
        {
            ReadProgress();
        }
    }

    /// <summary>The number of rounds that earlier runs did.</summary>
    public int Rounds { get; private set; }

    /// <summary>The number of finds of earlier runs.</summary>
    public int FindCount { get; private set; }

    /// <summary>The number of inputs of earlier runs and this one.</summary>
    public int InputCount { get; private set; }

    private string Progress => Path.Combine(_path, "progress.json");

    /// <summary>The inputs of earlier runs.</summary>
    public IEnumerable<VectorOrError> ReadInputs() => InputCount == 0 ? [] : VectorFiles.Read([Path.Combine(_path, Inputs)]);

    /// <summary>Keeps an input.</summary>
    public void Keep(VectorCase input)
    {
        if (InputCount < MostInputs)
        {
            InputCount++;
            string path = Path.Combine(_path, Inputs, Numbered("input", InputCount));
            AtomicFile.Write(path, stream => VectorWriter.WriteWithoutResults(stream, input.Vector, input.Variant), durable: false);
        }
    }

    /// <summary>Writes a find, with the results of the first side if it has any.</summary>
    /// <returns>The file.</returns>
    public string WriteFind(VectorCase input, SideRun a)
    {
        FindCount++;
        string path = Path.Combine(_path, Finds, Numbered("find", FindCount));
        Vector vector = input.Vector with { Variants = [input.Variant] };
        AtomicFile.Write(path, stream =>
        {
            if (a.StateRoot is null || a.Outcomes.Count != vector.Messages.Count)
            {
                VectorWriter.WriteWithoutResults(stream, vector, input.Variant);
                return;
            }

            VectorWriter.Write(stream, vector, new VectorResult
            {
                Name = vector.Name,
                Status = VectorStatus.Passed,
                Outcomes = a.Outcomes,
                StateRoot = a.StateRoot,
            });
        });
        return path;
    }

    /// <summary>Writes a slow message, in place of that of an earlier run.</summary>
    /// <returns>The file.</returns>
    public string WriteSlow(VectorCase input, int number)
    {
        string path = Path.Combine(_path, Slow, Numbered("slow", number));
        AtomicFile.Write(path, stream => VectorWriter.WriteWithoutResults(stream, input.Vector, input.Variant), durable: false);
        return path;
    }

    /// <summary>Writes how far the run is.</summary>
    public void WriteProgress(int rounds) => AtomicFile.Write(
        Progress,
        stream =>
        {
            using Utf8JsonWriter json = new(stream);
            json.WriteStartObject();
            json.WriteNumber("rounds", rounds);
            json.WriteNumber("finds", FindCount);
            json.WriteNumber("inputs", InputCount);
            json.WriteEndObject();
        },
        durable: false);

    private void ReadProgress()
    {
        byte[] bytes = InputFile.ReadAllBytes(Progress);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            Rounds = Number(document, "rounds");
            FindCount = Number(document, "finds");
            InputCount = Number(document, "inputs");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException($"{Progress}: not the progress of a run: {exception.Message}", exception);
        }
    }

    private int Number(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out JsonElement value) && value.TryGetInt32(out int number) && number >= 0
            ? number
            : throw new InputException($"{Progress}: {name} is no count");

    private static string Numbered(string kind, int number) => $"{kind}-{number.ToString("000000", CultureInfo.InvariantCulture)}.json";
}
