using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Fvm.Files;
using Fvm.Vectors;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Diff;

/// <summary>
/// Gives a library the functions that it imports from its host. The loader looks for them by name in what the process has loaded, and a program
/// compiled just in time has no names; so this makes a shared object in memory that has nothing but names, each with the absolute address of a
/// function of this program, and loads it ahead of the library.
/// </summary>
internal static class HostSymbols
{
    private const string MemoryName = "fvm-host";

    // ELF, 64 bits, little-endian.
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private const int Segments = 3;
    private const int SymbolSize = 24;
    private const int DynamicSize = 16;
    private const ushort X64 = 62;
    private const ushort Arm64 = 183;
    internal const ushort SharedObject = 3;
    private const ushort AbsoluteSection = 0xfff1;
    private const byte GlobalFunction = 0x12;

    /// <summary>The number of this process's machine in ELF headers.</summary>
    internal static ushort Machine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64;

    /// <summary>Loads the names, once per process.</summary>
    /// <param name="functions">The functions' names and addresses.</param>
    /// <exception cref="InputException">The system cannot do that.</exception>
    public static void Load(IReadOnlyList<(string Name, nint Address)> functions)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InputException("libraries can be compared on Linux only");
        }

        int descriptor = memfd_create(MemoryName, 0);
        if (descriptor < 0)
        {
            throw new InputException("no file in memory can be made");
        }

        // The object keeps what is mapped.
        using SafeFileHandle file = new(descriptor, ownsHandle: true);
        RandomAccess.Write(file, Object(functions), 0);
        try
        {
            _ = SharedLibrary.Load($"/proc/self/fd/{descriptor}", isGlobal: true);
        }
        catch (FileException exception)
        {
            throw new InputException($"the host's functions cannot be loaded: {exception.Cause}", exception);
        }
    }

    /// <summary>The shared object: header, segments, hash table, symbols, names, dynamic section; all in one segment.</summary>
    internal static byte[] Object(IReadOnlyList<(string Name, nint Address)> functions)
    {
        MemoryStream names = new();
        names.WriteByte(0);
        int[] offsets = [.. functions.Select(function => AddName(names, function.Name))];
        int own = AddName(names, MemoryName);
        int symbols = functions.Count + 1;
        int hash = HeaderSize + (Segments * SegmentSize);
        int table = Aligned(hash + (4 * (3 + symbols)));
        int text = table + (symbols * SymbolSize);
        int dynamic = Aligned(text + (int)names.Length);
        (long Tag, long Value)[] entries =
            [(4, hash), (5, text), (6, table), (10, names.Length), (11, SymbolSize), (14, own), (0, 0)];
        byte[] file = new byte[dynamic + (entries.Length * DynamicSize)];
        WriteHeader(file);
        WriteSegment(file, 0, kind: 1, start: 0, file.Length);
        WriteSegment(file, 1, kind: 2, dynamic, entries.Length * DynamicSize);

        // No executable stack.
        WriteSegment(file, 2, kind: 0x6474e551, start: 0, length: 0);
        WriteHash(file.AsSpan(hash), symbols);
        for (int index = 0; index < functions.Count; index++)
        {
            Span<byte> symbol = file.AsSpan(table + ((index + 1) * SymbolSize), SymbolSize);
            BinaryPrimitives.WriteInt32LittleEndian(symbol, offsets[index]);
            symbol[4] = GlobalFunction;
            BinaryPrimitives.WriteUInt16LittleEndian(symbol[6..], AbsoluteSection);
            BinaryPrimitives.WriteInt64LittleEndian(symbol[8..], functions[index].Address);
        }

        names.GetBuffer().AsSpan(0, (int)names.Length).CopyTo(file.AsSpan(text));
        for (int index = 0; index < entries.Length; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(dynamic + (index * DynamicSize)), entries[index].Tag);
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(dynamic + (index * DynamicSize) + 8), entries[index].Value);
        }

        return file;
    }

    private static void WriteHeader(Span<byte> file)
    {
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file[16..], SharedObject);
        BinaryPrimitives.WriteUInt16LittleEndian(file[18..], Machine);
        BinaryPrimitives.WriteUInt32LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file[32..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[54..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[56..], Segments);
        BinaryPrimitives.WriteUInt16LittleEndian(file[58..], 64);
    }

    // Readable and writable: the loader relocates the dynamic section in place.
    private static void WriteSegment(byte[] file, int index, uint kind, int start, int length)
    {
        Span<byte> segment = file.AsSpan(HeaderSize + (index * SegmentSize), SegmentSize);
        BinaryPrimitives.WriteUInt32LittleEndian(segment, kind);
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 6);
        foreach (int place in (ReadOnlySpan<int>)[8, 16, 24])
        {
            BinaryPrimitives.WriteInt64LittleEndian(segment[place..], start);
        }

        BinaryPrimitives.WriteInt64LittleEndian(segment[32..], length);
        BinaryPrimitives.WriteInt64LittleEndian(segment[40..], length);
        BinaryPrimitives.WriteInt64LittleEndian(segment[48..], kind == 1 ? 0x1000 : 8);
    }

    // One bucket: a chain of all symbols.
    private static void WriteHash(Span<byte> hash, int symbols)
    {
        BinaryPrimitives.WriteInt32LittleEndian(hash, 1);
        BinaryPrimitives.WriteInt32LittleEndian(hash[4..], symbols);
        BinaryPrimitives.WriteInt32LittleEndian(hash[8..], 1);
        for (int index = 1; index < symbols; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(hash[(12 + (4 * index))..], index + 1 < symbols ? index + 1 : 0);
        }
    }

    private static int AddName(MemoryStream names, string name)
    {
        int offset = (int)names.Length;
        names.Write(Encoding.ASCII.GetBytes(name));
        names.WriteByte(0);
        return offset;
    }

    private static int Aligned(int offset) => (offset + 7) & ~7;

    [DllImport("libc")]
    private static extern int memfd_create([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);
}
