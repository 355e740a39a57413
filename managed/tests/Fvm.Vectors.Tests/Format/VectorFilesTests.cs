using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class VectorFilesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_set_gives_its_vectors_in_order_and_skips_empty_lines()
    {
        string file = WriteSet("set.ndjson.gz", Line("one"), "", Line("two"), "");

        Vector[] vectors = [.. VectorFiles.Read([file]).Select(entry => entry.Vector!)];

        Assert.That(vectors.Select(vector => vector.Name), Is.EqualTo(new[] { "set.ndjson.gz#one", "set.ndjson.gz#two" }));
        Assert.That(vectors[1].Source, Is.EqualTo($"{file}#two"));
    }

    [Test]
    public void One_vector_of_a_set_is_found_by_its_id()
    {
        string file = WriteSet("set.ndjson.gz", Line("one"), Line("one_more"), Line("two"));

        Vector[] vectors = [.. VectorFiles.Read([$"{file}#one"]).Select(entry => entry.Vector!)];

        Assert.That(vectors.Select(vector => vector.Id), Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void A_set_is_read_no_further_than_to_the_vector_that_was_asked_for()
    {
        string file = WriteSet("set.ndjson.gz", Line("one"), Line("two"), "no vector with the text one");

        VectorOrError[] entries = [.. VectorFiles.Read([$"{file}#one"])];

        Assert.That(entries.Select(entry => (entry.Vector?.Id, entry.Error)), Is.EqualTo(new[] { ((string?)"one", (string?)null) }));
    }

    [Test]
    public void An_id_that_is_not_in_the_set_is_an_error() =>
        AssertOneError($"{WriteSet("set.ndjson.gz", Line("one"))}#two", "no vector 'two'");

    [Test]
    public void A_folder_gives_the_vectors_below_it_in_the_order_of_their_names()
    {
        WriteSet("b/set.ndjson", Line("two"));
        WriteSet("a.ndjson", Line("one"));
        _folder.Write("c.json", Encoding.UTF8.GetBytes(Line("three")));
        _folder.Write("notes.txt", [1]);

        Assert.That(
            VectorFiles.Read([_folder.Path]).Select(entry => entry.Vector!.Id), Is.EqualTo(new[] { "one", "two", "three" }));
        Assert.That(VectorFiles.Count([_folder.Path]), Is.EqualTo(3));
    }

    [TestCase("")]
    [TestCase("\n\n\r\n")]
    public void A_set_without_vectors_is_an_error(string text)
    {
        AssertOneError(_folder.Write("set.ndjson", Encoding.UTF8.GetBytes(text)), "contains no vector");
        AssertOneError(WriteSet("set.ndjson.gz", text), "contains no vector");
    }

    [Test]
    public void Blank_lines_without_end_are_refused()
    {
        string file = WriteSet("set.ndjson.gz", new string('\n', 100_000_000));
        Assert.That(new FileInfo(file).Length, Is.LessThan(1_000_000));

        AssertOneError(file, "bytes of blank lines in a row");
    }

    [Test]
    public void Blank_lines_count_for_the_number_of_a_line() =>
        AssertOneError(WriteSet("set.ndjson", "", "", "{\"class\": 3}"), "line 3: class is not a string");

    [Test]
    public void A_folder_is_walked_once_whatever_links_it_holds()
    {
        RequireLinks();
        WriteSet("b/set.ndjson", Line("two"));
        WriteSet("a.ndjson", Line("one"));
        using TemporaryFolder other = new();
        other.Write("deep/c.json", Encoding.UTF8.GetBytes(Line("three")));
        foreach ((string link, string target) in new[]
        {
            ("self", "."), ("b/up", ".."), ("A", "b"), ("a-file.ndjson", "a.ndjson"), ("elsewhere", other.Path), ("elsewhere-too", Path.Combine(other.Path, "deep")),
            ("loop", "pool"), ("pool", "loop"), ("above", ".."),
        })
        {
            File.CreateSymbolicLink(Path.Combine(_folder.Path, link), target);
        }

        Directory.CreateSymbolicLink(Path.Combine(other.Path, "back"), _folder.Path);

        Assert.That(
            VectorFiles.Read([_folder.Path]).Select(static entry => entry.Vector?.Id ?? entry.Error), Is.EqualTo(new[] { "one", "two", "three" }));
        Assert.That(VectorFiles.Count([_folder.Path]), Is.EqualTo(3));
    }

    [Test]
    public void A_link_that_leads_nowhere_is_an_error_in_its_place()
    {
        RequireLinks();
        WriteSet("a.ndjson", Line("one"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "b.json"), "not-there");

        VectorOrError[] entries = [.. VectorFiles.Read([_folder.Path])];

        Assert.That(entries, Has.Length.EqualTo(2));
        Assert.That(entries[1].Error, Does.Contain("b.json: no such file"));
    }

    [Test]
    public void A_vector_that_unpacks_to_too_much_is_refused()
    {
        string file = Path.Combine(_folder.Path, "bomb.json.gz");
        using (GZipStream gzip = new(File.Create(file), CompressionLevel.Fastest))
        {
            byte[] spaces = new byte[1 << 20];
            spaces.AsSpan().Fill((byte)' ');
            for (int count = 0; count < 260; count++)
            {
                gzip.Write(spaces);
            }
        }

        AssertOneError(file, "bytes after decompression");
    }

    [Test]
    public void An_empty_folder_is_an_error() => AssertOneError(_folder.Path, "no *.json");

    [Test]
    public void A_missing_file_is_an_error() => AssertOneError(Path.Combine(_folder.Path, "none.json"), "no such file");

    [Test]
    public void A_set_that_is_cut_off_says_in_which_line()
    {
        string file = WriteSet("set.ndjson.gz", Line("one"), Line("two"), Line("three"));
        byte[] whole = File.ReadAllBytes(file);
        _folder.Write("set.ndjson.gz", whole[..(whole.Length / 2)]);

        VectorOrError[] entries = [.. VectorFiles.Read([file])];

        Assert.That(entries[^1].Error, Does.StartWith($"{file} line "));
    }

    [Test]
    public void A_set_is_unpacked_by_its_first_bytes_and_not_by_its_name()
    {
        Assert.That(VectorFiles.Read([_folder.Write("set.ndjson.gz", Encoding.UTF8.GetBytes(Line("one")))]).Single().Vector!.Id, Is.EqualTo("one"));
        string packed = WriteSet("other.ndjson.gz", Line("one"));
        Assert.That(VectorFiles.Read([_folder.Write("set.ndjson", File.ReadAllBytes(packed))]).Single().Vector!.Id, Is.EqualTo("one"));
    }

    [Test]
    public void A_set_that_is_cut_off_between_its_lines_is_called_truncated()
    {
        string file = WriteSet("set.ndjson.gz", Line("one"), "");
        _folder.Write("set.ndjson.gz", File.ReadAllBytes(file)[..^4]);

        Assert.That(VectorFiles.Read([file]).Last().Error, Does.Contain("the gzip stream is truncated"));
    }

    [Test]
    public void After_a_broken_line_the_next_ones_are_read()
    {
        string file = WriteSet("set.ndjson.gz", Line("one"), "{\"class\": 3}", Line("two"));

        VectorOrError[] entries = [.. VectorFiles.Read([file])];

        Assert.That(entries.Select(entry => entry.Vector?.Id), Is.EqualTo(new[] { "one", null, "two" }));
        Assert.That(entries[1].Error, Does.StartWith($"{file} line 2: class is not a string"));
    }

    [TestCase(10)]
    [TestCase(70_000)]
    [TestCase(200_000)]
    public void Lines_of_any_length_come_whole(int length)
    {
        string text = new('x', length);
        BoundedLineReader reader = new(new MemoryStream(Encoding.ASCII.GetBytes($"a\n{text}\nb")), maxLength: 1_000_000);
        List<string> lines = [];
        while (reader.TryRead(out ReadOnlyMemory<byte> line))
        {
            lines.Add(Encoding.ASCII.GetString(line.Span));
        }

        Assert.That(lines, Is.EqualTo(new[] { "a", text, "b" }));
    }

    [Test]
    public void A_line_past_the_limit_is_refused_before_it_is_held()
    {
        BoundedLineReader reader = new(new EndlessStream(), maxLength: 1_000_000);

        Assert.That(() => reader.TryRead(out _), Throws.TypeOf<InputException>());
    }

    private static string Line(string id)
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["_meta"]!["id"] = id;
        return json.ToJsonString();
    }

    private static void RequireLinks()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("links need a privilege on Windows");
        }
    }

    private static void AssertOneError(string argument, string text)
    {
        VectorOrError[] entries = [.. VectorFiles.Read([argument])];

        Assert.That(entries, Has.Length.EqualTo(1));
        Assert.That(entries[0].Error, Does.Contain(text));
    }

    private string WriteSet(string name, params string[] lines)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return _folder.Write(name, text);
        }

        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return _folder.Write(name, packed.ToArray());
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            return count;
        }
    }
}
