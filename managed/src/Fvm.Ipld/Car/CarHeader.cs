using System.Buffers.Binary;

namespace Fvm.Ipld;

/// <summary>The header of a CAR file: a DAG-CBOR map of "roots" (CIDs) and "version".</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Roots">Empty for version 2, whose roots are in the header of the inner version 1 file.</param>
internal readonly record struct CarHeader(ulong Version, List<Cid> Roots)
{
    /// <summary>The length in bytes of version 2's second header, which follows the pragma.</summary>
    public const int WindowHeaderLength = 40;

    private const int CharacteristicsLength = 16;

    /// <summary>Decodes a header, without its length prefix.</summary>
    /// <exception cref="CborException">It is malformed, or of an unknown version.</exception>
    public static CarHeader Decode(ReadOnlySpan<byte> header, bool allowNoRoots)
    {
        CborReader reader = new(header);
        List<Cid>? roots = null;
        ulong? version = null;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            int start = reader.Offset;
            string key = reader.ReadText();
            if ((key == "roots" && roots is not null) || (key == "version" && version is not null))
            {
                throw new CborException(start, $"\"{key}\" is there twice");
            }

            switch (key)
            {
                case "roots":
                    roots = ReadRoots(ref reader);
                    break;
                case "version":
                    version = reader.ReadUInt();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.EnsureEnd();
        return Check(version, roots, allowNoRoots);
    }

    /// <summary>Decodes the position of the inner version 1 file in a version 2 file.</summary>
    /// <param name="bytes">Characteristics, data offset, data size and index offset (CARv2, "Header").</param>
    /// <param name="headerEnd">The end of the second header, in bytes from the start of the file.</param>
    /// <param name="fileLength">The length of the file in bytes; null if unknown.</param>
    /// <exception cref="CarException">The inner file is empty or out of bounds.</exception>
    public static (long Offset, long Length) ReadWindow(ReadOnlySpan<byte> bytes, long headerEnd, long? fileLength)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[CharacteristicsLength..]);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(CharacteristicsLength + sizeof(ulong))..]);
        long place = headerEnd - WindowHeaderLength + CharacteristicsLength;
        if (offset < (ulong)headerEnd)
        {
            throw new CarException(place, $"the data of this CARv2 file would start at byte {offset}, within its header of {headerEnd} bytes");
        }

        if (length == 0)
        {
            throw new CarException(place, "this CARv2 file has no data: their size is zero, as in a file whose writing was not finished");
        }

        UInt128 end = (UInt128)offset + length;
        if (end > long.MaxValue || (fileLength is long known && end > (UInt128)known))
        {
            string there = fileLength is null ? "no file is as long" : $"the file ends at byte {fileLength}";
            throw new CarException(place, $"the data of this CARv2 file would reach from byte {offset} to byte {end}, but {there}");
        }

        return ((long)offset, (long)length);
    }

    private static CarHeader Check(ulong? version, List<Cid>? roots, bool allowNoRoots)
    {
        if (version == 2 && roots is null)
        {
            return new CarHeader(2, []);
        }

        if (version is not null and not 1)
        {
            throw new CborException(0, $"the version is {version}; CARv1 and CARv2 are known");
        }

        if (roots is null || version is null)
        {
            throw new CborException(0, $"\"{(roots is null ? "roots" : "version")}\" is missing");
        }

        return roots.Count > 0 || allowNoRoots ? new CarHeader(1, roots) : throw new CborException(0, "there is no root");
    }

    private static List<Cid> ReadRoots(ref CborReader reader)
    {
        List<Cid> roots = [];
        for (int count = reader.ReadArrayHeader(); count > 0; count--)
        {
            roots.Add(reader.ReadCid());
        }

        return roots;
    }
}
