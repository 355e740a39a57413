using NUnit.Framework;

namespace Fvm.Files.Tests;

public sealed class InputFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(300_000)]
    public void A_file_is_read_whole(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(static number => (byte)number)];
        File.WriteAllBytes(_folder.Of("file"), bytes);

        Assert.That(InputFile.ReadAllBytes(_folder.Of("file")), Is.EqualTo(bytes));
    }

    [Test]
    public void A_file_whose_length_is_not_known_before_is_read_whole() =>
        Assert.That(InputFile.ReadAllBytes("/proc/self/status"), Has.Length.GreaterThan(100));

    [Test]
    public void A_pipe_is_read_to_its_end()
    {
        string pipe = Fifo.Make(_folder.Of("pipe"));
        Task writing = Task.Run(() => File.WriteAllBytes(pipe, new byte[200_000]));

        Assert.That(InputFile.ReadAllBytes(pipe), Has.Length.EqualTo(200_000));
        writing.Wait();
    }

    [Test]
    public void A_pipe_that_the_user_did_not_name_is_refused() =>
        Refused(Fifo.Make(_folder.Of("pipe")), "it is a pipe", allowPipes: false);

    [Test]
    public void A_file_that_is_too_long_is_refused()
    {
        File.WriteAllBytes(_folder.Of("file"), new byte[101]);

        Assert.That(InputFile.ReadAllBytes(_folder.Of("file"), maxBytes: 101), Has.Length.EqualTo(101));
        Refused(_folder.Of("file"), "longer than 100 bytes", maxBytes: 100);
    }

    [TestCase("", "the path is empty")]
    [TestCase("a\0b", "a NUL")]
    [TestCase("/", "it is a folder")]
    [TestCase("/dev/zero", "it is a device")]
    [TestCase("/no/such/folder", "no such folder")]
    [TestCase("/no-such-file", "no such file")]
    [TestCase("/dev/null/file", "no such f")]
    public void What_is_no_file_is_refused(string path, string cause) => Refused(path, cause);

    private static void Refused(string path, string cause, int maxBytes = int.MaxValue, bool allowPipes = true)
    {
        FileException? exception = Assert.Throws<FileException>(() => InputFile.ReadAllBytes(path, maxBytes, allowPipes));
        Assert.That(exception!.Message, Does.Contain(cause).And.Not.Contain("System."));
        Assert.That(exception.Path, Is.EqualTo(path));
    }
}
