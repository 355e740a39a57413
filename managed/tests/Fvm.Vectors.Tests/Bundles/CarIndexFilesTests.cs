using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

/// <summary>Where the indexes of large CAR files are kept.</summary>
public sealed class CarIndexFilesTests
{
    private readonly List<string> _lines = [];
    private TemporaryFolder _folder = null!;
    private string _car = null!;
    private Cid _cid;

    [SetUp]
    public void Make()
    {
        _lines.Clear();
        _folder = new TemporaryFolder();
        _cid = Cid.Blake2b256(Multicodec.Raw, [1]);
        MemoryStream file = new();
        using (CarWriter writer = new(file, [_cid], leaveOpen: true))
        {
            writer.Write(_cid, [1]);
        }

        _car = _folder.Write("a/snapshot.car", file.ToArray());
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void An_index_is_made_once_beside_the_file()
    {
        Assert.That(Read(Elsewhere), Is.True);
        Assert.That(_lines.Single(), Is.EqualTo($"{_car}: making its index, once: {_car}.fvmidx"));
        Assert.That(Read(Elsewhere), Is.True);
        Assert.That(_lines, Has.Count.EqualTo(1));
        Assert.That(Directory.Exists(Elsewhere), Is.False);
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(_car)!), Is.EquivalentTo(new[] { _car, $"{_car}.fvmidx" }), "nothing else is left");
    }

    [Test]
    public void An_index_of_a_file_that_has_changed_is_made_anew()
    {
        Assert.That(Read(Elsewhere), Is.True);
        File.SetLastWriteTimeUtc(_car, DateTime.UtcNow.AddHours(1));
        Assert.That(Read(Elsewhere), Is.True);
        Assert.That(_lines, Has.Count.EqualTo(2));
    }

    [Test]
    public void Where_the_folder_cannot_be_written_to_it_is_in_the_other_one()
    {
        Directory.CreateDirectory($"{_car}.fvmidx");
        Assert.That(Read(Elsewhere), Is.True);
        Assert.That(_lines, Has.Count.EqualTo(2));
        Assert.That(_lines[0], Does.StartWith($"{_car}.fvmidx: the index cannot be kept there: "));
        Assert.That(_lines[1], Does.Match($"^{_car}: making its index, once: {Elsewhere}/[0-9a-f]{{16}}\\.fvmidx$"));
        Assert.That(Read(Elsewhere), Is.True);
        Assert.That(_lines, Has.Count.EqualTo(2));
    }

    [Test]
    public void Where_no_folder_can_be_written_to_there_is_none()
    {
        Directory.CreateDirectory($"{_car}.fvmidx");
        Assert.That(Read(folder: null), Is.False);
        Assert.That(_lines, Has.Count.EqualTo(1));
    }

    private string Elsewhere => Path.Combine(_folder.Path, "cache");

    // Whether there was an index, by which the block is found.
    private bool Read(string? folder)
    {
        FileStream file = File.OpenRead(_car);
        if (new CarIndexFiles(folder, _lines.Add).Open(file, _car, CarReadOptions.Default) is not CarIndex index)
        {
            file.Dispose();
            return false;
        }

        using CarStore car = CarStore.Open(file, index, CarReadOptions.Default);
        return car.Get(_cid)?.SequenceEqual(new byte[] { 1 }) == true;
    }
}
