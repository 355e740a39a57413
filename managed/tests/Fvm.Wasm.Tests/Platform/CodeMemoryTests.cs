using System.Globalization;
using Fvm.MachineCode;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class CodeMemoryTests
{
    private const int Size = 1 << 20;

    [SetUp]
    public void NeedsMachineCode()
    {
        if (!CodeMemory.IsSupported)
        {
            Assert.Ignore("this system does not allow machine code");
        }
    }

    // Sound: both mappings have Size bytes.
    [Test]
    public unsafe void Pages_written_through_are_dropped_and_the_code_stays()
    {
        using CodeMemory memory = CodeMemory.Reserve(4096, Size);
        Span<byte> writable = new(memory.Writable, Size);
        Random.Shared.NextBytes(writable);
        byte[] written = writable.ToArray();
        Assert.That(ResidentBytes((nint)memory.Writable), Is.EqualTo(Size));

        memory.DropWritablePages();

        Assert.That(ResidentBytes((nint)memory.Writable), Is.Zero);
        Assert.That(new ReadOnlySpan<byte>(memory.Code, Size).SequenceEqual(written), Is.True);

        // The next write makes the page again, with its old content around it.
        memory.Writable[5] = (byte)~written[5];
        Assert.That(memory.Code[5], Is.EqualTo((byte)~written[5]));
        Assert.That(memory.Code[6], Is.EqualTo(written[6]));
    }

    /// <summary>The resident part of the mapping that begins at an address.</summary>
    private static long ResidentBytes(nint address)
    {
        string start = address.ToString("x", CultureInfo.InvariantCulture) + "-";
        string line = File.ReadLines("/proc/self/smaps")
            .SkipWhile(line => !line.StartsWith(start, StringComparison.Ordinal))
            .First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return 1024 * long.Parse(line["Rss:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
    }
}
