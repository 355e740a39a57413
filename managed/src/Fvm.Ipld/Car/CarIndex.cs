using System.Runtime.InteropServices;
using Fvm.Crypto;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Ipld;

/// <summary>
/// The index of a CAR file in a file of its own, made in one pass and used by later processes. In memory is a table of eight bytes per 128
/// blocks; to find a block takes one read of about two KiB. Thread-safe.
/// </summary>
/// <remarks>
/// First are the entries in ascending order: the key, eight bytes of a salted hash of the CID, and the place of the section; then the table of
/// buckets: for each value of the keys' leading bits the number of the first entry; then the footer. All numbers are little-endian. A block
/// is read from the CAR file with its CID and verified, so an index that is wrong can hide blocks, but not change them.
/// </remarks>
public sealed class CarIndex : IDisposable
{
    private const int EntriesPerRead = 256;

    private readonly SafeFileHandle _file;
    private readonly CarIndexFooter _footer;
    private readonly long[] _buckets;

    private CarIndex(SafeFileHandle file, CarIndexFooter footer, long[] buckets)
    {
        _file = file;
        _footer = footer;
        _buckets = buckets;
    }

    internal long Count => _footer.Blocks;

    internal long BlockBytes => _footer.BlockBytes;

    /// <summary>Opens an index.</summary>
    /// <param name="path">The index.</param>
    /// <param name="car">The CAR file.</param>
    /// <returns>Null if there is none, it is damaged, or the CAR file is another one or has changed.</returns>
    public static CarIndex? TryOpen(string path, FileStream car)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (TryRead(file, car) is CarIndex index)
            {
                return index;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // As if there were none.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>
    /// Indexes a CAR file for which <see cref="CarStore.CanHaveIndex"/>. The memory that this takes does not depend on the file's length, but for
    /// the table.
    /// </summary>
    /// <param name="car">The CAR file; it is read from its start.</param>
    /// <param name="output">Receives the index.</param>
    /// <param name="openScratch">Opens an empty file for parts that are sorted; called at most once.</param>
    /// <param name="options">Bounds.</param>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Write(FileStream car, Stream output, Func<FileStream> openScratch, CarReadOptions? options = null)
    {
        // Each has 122 random bits from the system; .NET's random numbers for cryptography need OpenSSL.
        byte[] salt = [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()];

        // Before it is read: what is appended meanwhile makes it another file.
        byte[] identity = CarIndexFooter.IdentityOf(car);
        options ??= CarReadOptions.Default;
        using CarEntrySorter sorter = new(openScratch);
        long blockBytes = 0;
        foreach (CarSection section in CarStore.SectionsOf(car, options))
        {
            Cid cid = section.Cid;
            sorter.Add(new CarEntry(KeyOf(salt, in cid), section.Place));
            blockBytes += section.Length;
        }

        CarIndexFooter footer = new(CarIndexFooter.BitsFor(sorter.Count), 0, sorter.Count, blockBytes, salt);
        long[] buckets = new long[footer.Buckets + 1];
        footer = footer with { Count = WriteEntries(sorter, output, footer, buckets) };

        // Sound: reads the array's own bytes; the machine is little-endian, as the file is.
        ReadOnlySpan<byte> table = MemoryMarshal.AsBytes<long>(buckets);
        output.Write(table);
        output.Write(footer.Encode(identity, table));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal int Find(in Cid cid, Span<long> places)
    {
        ulong key = KeyOf(_footer.Salt, in cid);
        int bucket = BucketOf(key, _footer.Bits);
        Span<byte> bytes = stackalloc byte[EntriesPerRead * CarEntry.Size];
        int found = 0;
        for (long from = _buckets[bucket], to = _buckets[bucket + 1]; from < to; from += EntriesPerRead)
        {
            int wanted = (int)Math.Min(to - from, EntriesPerRead) * CarEntry.Size;
            int read = FileBytes.Read(_file, bytes[..wanted], from * CarEntry.Size);
            for (int at = 0; at + CarEntry.Size <= read; at += CarEntry.Size)
            {
                CarEntry entry = CarEntry.Read(bytes[at..]);
                if (entry.Key > key || found == places.Length)
                {
                    return found;
                }

                if (entry.Key == key)
                {
                    places[found++] = entry.Offset;
                }
            }
        }

        return found;
    }

    private static CarIndex? TryRead(SafeFileHandle file, FileStream car)
    {
        long length = RandomAccess.GetLength(file);
        byte[] end = new byte[CarIndexFooter.Length];
        if (length < end.Length || FileBytes.Read(file, end, length - end.Length) < end.Length
            || CarIndexFooter.TryDecode(end, car) is not CarIndexFooter footer
            || length != (footer.Count * CarEntry.Size) + footer.TableLength + end.Length)
        {
            return null;
        }

        long[] buckets = new long[footer.Buckets + 1];

        // Sound: writes the array's own bytes.
        Span<byte> table = MemoryMarshal.AsBytes(buckets.AsSpan());
        bool isWhole = FileBytes.Read(file, table, footer.Count * CarEntry.Size) == table.Length
            && CarIndexFooter.IsSealed(end, table) && buckets[0] == 0 && buckets[^1] == footer.Count;
        for (int bucket = 1; isWhole && bucket < buckets.Length; bucket++)
        {
            isWhole = buckets[bucket - 1] <= buckets[bucket];
        }

        return isWhole ? new CarIndex(file, footer, buckets) : null;
    }

    private static long WriteEntries(CarEntrySorter sorter, Stream output, CarIndexFooter footer, long[] buckets)
    {
        byte[] bytes = new byte[EntriesPerRead * CarEntry.Size];
        int used = 0;
        long written = 0;
        int next = 0;
        int equal = 0;
        ulong last = 0;
        foreach (CarEntry entry in sorter.Sorted())
        {
            equal = written > 0 && entry.Key == last ? equal + 1 : 1;
            if (equal > CarPlaces.MaxPerKey)
            {
                // A block that is there many times.
                continue;
            }

            last = entry.Key;
            for (int bucket = BucketOf(entry.Key, footer.Bits); next <= bucket; next++)
            {
                buckets[next] = written;
            }

            entry.Write(bytes.AsSpan(used));
            used += CarEntry.Size;
            written++;
            if (used == bytes.Length)
            {
                output.Write(bytes);
                used = 0;
            }
        }

        output.Write(bytes, 0, used);
        buckets.AsSpan(next).Fill(written);
        return written;
    }

    private static int BucketOf(ulong key, int bits) => bits == 0 ? 0 : (int)(key >> (64 - bits));

    // With a secret of the index, so that no file can be made whose blocks have equal keys.
    private static ulong KeyOf(byte[] salt, in Cid cid)
    {
        Span<byte> bytes = stackalloc byte[CarIndexFooter.SaltLength + Cid.MaxByteLength];
        salt.CopyTo(bytes);
        int length = cid.WriteTo(bytes[CarIndexFooter.SaltLength..]);
        Span<byte> digest = stackalloc byte[Blake2b.Size256];
        Blake2b.Hash256(bytes[..(CarIndexFooter.SaltLength + length)], digest);
        return CarEntry.Read(digest).Key;
    }
}
