using System.Buffers.Binary;
using Fvm.Files;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

/// <summary>Libraries that do not load: shared objects without code, which the tests make.</summary>
[Platform("Linux")]
public sealed class LibraryFileTests
{
    private const int MachineAt = 18;
    private const int TypeAt = 16;
    private const int ClassAt = 4;
    private const byte NameTag = 14;
    private const ulong NeededTag = 1;

    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("fvm-diff-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_library_without_the_functions_is_refused_by_the_name_of_the_first()
    {
        string path = Write(static _ => { });
        Assert.That(LibraryFile.RefusalOf(path), Is.Null);
        Assert.That(
            () => new LibraryFunctions(path),
            Throws.TypeOf<InputException>().With.Message.EqualTo(
                $"{path}: it has no function create_fvm_machine, so it is no library with the C interface"));
    }

    [Test]
    public void A_library_whose_dependency_is_missing_is_refused_with_the_reason_of_the_loader()
    {
        // Its own name becomes that of a library that it needs.
        string path = Write(static file =>
        {
            int tag = file.AsSpan().LastIndexOf((byte[])[NameTag, 0, 0, 0, 0, 0, 0, 0]);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(tag), NeededTag);
            "xyz-host"u8.CopyTo(file.AsSpan(file.AsSpan().IndexOf("fvm-host"u8)));
        });
        Assert.That(LibraryFile.RefusalOf(path), Is.Null);
        Assert.That(
            () => new LibraryFunctions(path),
            Throws.TypeOf<FileException>().With.Message.StartsWith($"{path}: cannot be loaded: xyz-host: cannot open shared object file"));
    }

    [TestCase(MachineAt, (byte)0xf3, "is for another processor (ELF machine 243, here ")]
    [TestCase(TypeAt, (byte)2, "is no shared object (ELF type 2)")]
    [TestCase(ClassAt, (byte)1, "is no library of 64 bits, little-endian")]
    [TestCase(0, (byte)'#', "is no shared library (ELF)")]
    public void A_file_for_another_machine_or_of_another_kind_is_refused_by_its_head(int at, byte value, string reason)
    {
        string path = Write(file => file[at] = value);
        Assert.That(LibraryFile.RefusalOf(path), Does.StartWith(reason));
    }

    [Test]
    public void A_file_that_ends_in_its_head_is_refused()
    {
        string path = Path.Combine(_folder, "short.so");
        File.WriteAllBytes(path, HostSymbols.Object([])[..10]);
        Assert.That(LibraryFile.RefusalOf(path), Is.EqualTo("is no shared library (ELF)"));
    }

    private string Write(Action<byte[]> change)
    {
        byte[] file = HostSymbols.Object([("fvm_diff_test_nothing", 0x1000)]);
        change(file);
        string path = Path.Combine(_folder, "library.so");
        File.WriteAllBytes(path, file);
        return path;
    }
}
