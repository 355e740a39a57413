using NUnit.Framework;

namespace Fvm.Files.Tests;

public sealed class AtomicFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_new_file_is_there_whole_and_nothing_beside_it([Values] bool durable)
    {
        AtomicFile.Write(_folder.Of("new"), static stream => stream.Write("content"u8), durable);

        Assert.That(File.ReadAllText(_folder.Of("new")), Is.EqualTo("content"));
        Assert.That(_folder.Names, Is.EqualTo(new[] { "new" }));
    }

    [Test]
    public void A_file_that_was_there_stays_until_the_content_is_complete()
    {
        string path = _folder.Write("file", "old");

        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        });

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
    }

    [Test]
    public void A_writer_that_fails_leaves_the_old_file_and_no_other([Values] bool durable)
    {
        string path = _folder.Write("file", "old");

        Assert.That(() => AtomicFile.Write(path, static stream => Fail(stream), durable), Throws.InstanceOf<NotSupportedException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(_folder.Names, Is.EqualTo(new[] { "file" }));

        static void Fail(Stream stream)
        {
            stream.Write(new byte[200_000]);
            throw new NotSupportedException();
        }
    }

    [Test]
    public void Permissions_stay_those_of_the_file_that_was_there()
    {
        string path = _folder.Write("file", "old");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, Mode);

        AtomicFile.Write(path, static stream => stream.Write("new"u8));

        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(Mode));
    }

    [Test]
    public void A_link_is_followed_and_stays_one()
    {
        string path = _folder.Write("file", "old");
        File.CreateSymbolicLink(_folder.Of("link"), "file");

        AtomicFile.Write(_folder.Of("link"), static stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(new FileInfo(_folder.Of("link")).LinkTarget, Is.EqualTo("file"));
    }

    [Test]
    public void A_link_to_nothing_is_followed()
    {
        File.CreateSymbolicLink(_folder.Of("link"), "file");

        AtomicFile.Write(_folder.Of("link"), static stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(_folder.Of("file")), Is.EqualTo("new"));
    }

    [Test]
    public void What_killed_processes_left_is_removed_but_not_what_is_being_written_nor_what_has_another_name()
    {
        string left = _folder.Write($".fvm-{new string('a', 32)}.tmp", "left");
        string foreign = _folder.Write(".fvm-mine.tmp", "foreign");
        string busy = _folder.Write($".fvm-{new string('b', 32)}.tmp", "busy");
        File.CreateSymbolicLink(_folder.Of($".fvm-{new string('c', 32)}.tmp"), "nowhere");
        using FileStream writing = new(busy, FileMode.Open, FileAccess.Write, FileShare.None);

        AtomicFile.Write(_folder.Of("file"), static stream => stream.Write("new"u8));

        Assert.That(File.Exists(left), Is.False);
        Assert.That(File.Exists(foreign), Is.True);
        Assert.That(File.Exists(busy), Is.True);
    }

    [Test]
    public void A_device_is_written_to_and_stays_one()
    {
        AtomicFile.Write("/dev/null", static stream => stream.Write("gone"u8));

        Assert.That(FileStatus.Of("/dev/null").Kind, Is.EqualTo(FileKind.Device));
    }

    [Test]
    public void A_full_device_is_an_error() => Refused("/dev/full", "no space left on the device");

    [Test]
    public void A_folder_is_refused() => Refused(_folder.Path, "it is a folder");

    [Test]
    public void A_missing_folder_is_named() => Refused(_folder.Of("none/file"), "no such folder");

    [TestCase("", "the path is empty")]
    [TestCase("a\0b", "a NUL")]
    public void What_is_no_path_is_refused(string path, string cause) => Refused(path, cause);

    [Test]
    public void A_loop_of_links_is_refused()
    {
        File.CreateSymbolicLink(_folder.Of("a"), "b");
        File.CreateSymbolicLink(_folder.Of("b"), "a");

        Refused(_folder.Of("a"), "too many levels of links");
    }

    [Test]
    public void A_name_that_is_too_long_is_refused() => Refused(_folder.Of(new string('n', 300)), "too long");

    [Test]
    public void A_name_as_long_as_names_may_be_is_written()
    {
        AtomicFile.Write(_folder.Of(new string('n', 255)), static stream => stream.Write("new"u8));

        Assert.That(_folder.Names, Has.Length.EqualTo(1));
    }

    [Test]
    public void Two_who_write_at_once_both_write_whole_files()
    {
        string path = _folder.Of("file");
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            AtomicFile.Write(path, stream => stream.Write(Enumerable.Repeat((byte)number, 100_000).ToArray()));
            byte[] read = File.ReadAllBytes(path);
            Assert.That(read, Has.Length.EqualTo(100_000));
            Assert.That(read.AsSpan().ContainsAnyExcept(read[0]), Is.False);
        });

        Assert.That(_folder.Names, Is.EqualTo(new[] { "file" }));
    }

    private static void Refused(string path, string cause)
    {
        FileException? exception = Assert.Throws<FileException>(() => AtomicFile.Write(path, static stream => stream.Write(new byte[100_000])));
        Assert.That(exception!.Message, Does.Contain(cause).And.Not.Contain("System.").And.Not.Contain("\n"));
        Assert.That(exception.Path, Is.EqualTo(path));
    }
}
