using System.Buffers.Binary;
using Fvm.Files;

namespace Fvm.Diff;

/// <summary>The file of a library, before anything of it is loaded.</summary>
public static class LibraryFile
{
    // The start of an ELF header, up to the machine.
    private const int HeadLength = 20;
    private const int TypeAt = 16;
    private const int MachineAt = 18;

    private static ReadOnlySpan<byte> Identity => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Why a file is no library for this process, for the end of a sentence about it; null if it may be one.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static string? RefusalOf(string path)
    {
        using FileStream file = InputFile.Open(path);
        Span<byte> head = stackalloc byte[HeadLength];
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read < head.Length || !head.StartsWith(Identity[..4]))
        {
            return "is no shared library (ELF)";
        }

        if (!head.StartsWith(Identity))
        {
            return "is no library of 64 bits, little-endian";
        }

        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(head[TypeAt..]);
        ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(head[MachineAt..]);
        return type != HostSymbols.SharedObject ? $"is no shared object (ELF type {type})"
            : machine != HostSymbols.Machine ? $"is for another processor (ELF machine {machine}, here {HostSymbols.Machine})"
            : null;
    }
}
