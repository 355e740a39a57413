using System.IO.Compression;

namespace Fvm.Ipld;

/// <summary>Writes a CAR file of version 1: the header on construction, then one block per call. Dispose it to finish the file.</summary>
public sealed class CarWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="roots">The header's roots.</param>
    /// <param name="pack">Whether to compress with gzip.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public CarWriter(Stream stream, IReadOnlyCollection<Cid> roots, bool pack = false, bool leaveOpen = false)
    {
        _stream = pack ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen) : stream;
        _leaveOpen = leaveOpen && !pack;
        CborWriter header = new();
        header.WriteMapHeader(2);
        header.WriteText("roots");
        header.WriteArrayHeader(roots.Count);
        foreach (Cid root in roots)
        {
            header.WriteCid(in root);
        }

        header.WriteText("version");
        header.WriteUInt(1);
        WriteFrame(_stream, [], header.WrittenSpan);
    }

    /// <summary>Writes a block, without verifying its digest.</summary>
    /// <exception cref="InvalidOperationException">The CID is the default value.</exception>
    public void Write(in Cid cid, ReadOnlySpan<byte> block) => Append(_stream, in cid, block);

    /// <summary>Writes a block behind the others of a file, without verifying its digest.</summary>
    /// <exception cref="InvalidOperationException">The CID is the default value.</exception>
    public static void Append(Stream stream, in Cid cid, ReadOnlySpan<byte> block)
    {
        Span<byte> bytes = stackalloc byte[Cid.MaxByteLength];
        WriteFrame(stream, bytes[..cid.WriteTo(bytes)], block);
    }

    /// <summary>Writes blocks in the given order.</summary>
    public void WriteMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Cid cid = block.Key;
            Write(in cid, block.Value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Flush();
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }

    private static void WriteFrame(Stream stream, ReadOnlySpan<byte> cid, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[Varint.MaxLength];
        stream.Write(length[..Varint.Write((ulong)cid.Length + (ulong)data.Length, length)]);
        stream.Write(cid);
        stream.Write(data);
    }
}
