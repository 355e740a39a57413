using NUnit.Framework;

namespace Fvm.Files.Tests;

public sealed class OwnFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_file_of_its_user_alone_is_read()
    {
        string path = Write(OwnerOnly);

        Assert.That(OwnFile.TryRead(path, 7, privately: true), Is.EqualTo("content"u8.ToArray()));
    }

    [Test]
    public void A_file_longer_than_the_bound_is_not() => Assert.That(OwnFile.TryRead(Write(OwnerOnly), 6), Is.Null);

    [TestCase(UnixFileMode.GroupWrite)]
    [TestCase(UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_write_is_not(UnixFileMode others) =>
        Assert.That(OwnFile.TryRead(Write(OwnerOnly | others), 100), Is.Null);

    [Test]
    public void A_file_that_others_may_read_is_not_private()
    {
        string path = Write(OwnerOnly | UnixFileMode.OtherRead);

        Assert.That(OwnFile.TryRead(path, 100), Is.Not.Null);
        Assert.That(OwnFile.TryRead(path, 100, privately: true), Is.Null);
    }

    [Test]
    public void A_link_is_not_followed()
    {
        Write(OwnerOnly);
        File.CreateSymbolicLink(_folder.Of("link"), "file");
        File.CreateSymbolicLink(_folder.Of("endless"), "/dev/zero");

        Assert.That(OwnFile.TryRead(_folder.Of("link"), 100), Is.Null);
        Assert.That(OwnFile.TryRead(_folder.Of("endless"), 100), Is.Null);
    }

    [Test]
    [CancelAfter(10_000)]
    public void A_pipe_is_not_waited_for() => Assert.That(OwnFile.TryRead(Fifo.Make(_folder.Of("pipe")), 100), Is.Null);

    [Test]
    public void A_folder_and_what_is_missing_give_nothing()
    {
        Assert.That(OwnFile.TryRead(_folder.Path, 100_000), Is.Null);
        Assert.That(OwnFile.TryRead(_folder.Of("missing"), 100), Is.Null);
    }

    private string Write(UnixFileMode mode)
    {
        string path = _folder.Write("file", "content");
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
