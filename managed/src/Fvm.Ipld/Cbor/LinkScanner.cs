using System.Buffers.Binary;

namespace Fvm.Ipld;

/// <summary>
/// Finds the links of a DAG-CBOR block as the reference does (fvm/src/ipld/cbor.rs), which is laxer than any CBOR reader: heads need not be
/// minimal, tags other than 42 are skipped, simple values and floats are heads only, texts need not be UTF-8, keys may be of any type and in
/// any order. One field at a time, so that the caller can charge gas before each:
/// <code>
/// while (scanner.More) { charge(field); if (scanner.ReadField() == Link) { charge(link); scanner.TryReadLink(out cid); } }
/// if (scanner.Remaining != 0) …                       // bytes after the item
/// </code>
/// <see cref="SkipFields"/> may precede each field, to skip many ordinary ones at once.
/// </summary>
public ref partial struct LinkScanner
{
    // Sums of counts up to this limit cannot overflow; larger counts are left to the field-by-field path.
    private const ulong MostPlainFields = ulong.MaxValue / 4;

    // Heads of byte strings: the empty one, and one with a one-byte length.
    private const byte EmptyBytes = 0x40;
    private const byte ShortBytes = 0x58;

    // The bytes before the data of an inline link: a zero byte, version, codec, hash function and length.
    private const int InlineHead = 5;

    private readonly ReadOnlySpan<byte> _block;
    private readonly bool _forgiveTails;
    private int _at;
    private ulong _fields;

    /// <summary>Starts a scan of <paramref name="block"/>, which should be one item.</summary>
    /// <param name="block">The block.</param>
    /// <param name="forgiveTails">Whether bytes after the CID within a link are allowed, as in the reference's flush.</param>
    public LinkScanner(ReadOnlySpan<byte> block, bool forgiveTails = false)
    {
        _block = block;
        _forgiveTails = forgiveTails;
        _fields = 1;
        Problem = string.Empty;
    }

    /// <summary>Whether the item is incomplete: more fields follow.</summary>
    public readonly bool More => _fields > 0;

    /// <summary>Whether a tag is next: <see cref="SkipFields"/> would skip nothing.</summary>
    public readonly bool IsAtTag => (uint)_at < (uint)_block.Length && _block[_at] >> 5 == CborMajor.Tag;

    /// <summary>The number of bytes left; an error if the item is complete.</summary>
    public readonly int Remaining => _block.Length - _at;

    /// <summary>The error, after a failed step.</summary>
    public string Problem { get; private set; }

    /// <summary>Reads one field: its head, and the bytes of a string.</summary>
    public LinkScanStep ReadField()
    {
        _fields--;
        if (!TryReadHead(out int major, out ulong argument))
        {
            return LinkScanStep.Malformed;
        }

        switch (major)
        {
            case CborMajor.Bytes or CborMajor.Text:
                if (argument > (ulong)Remaining)
                {
                    return Fail("a string goes beyond the end");
                }

                _at += (int)argument;
                return LinkScanStep.Field;
            case CborMajor.Array:
                return TryAdd(argument) ? LinkScanStep.Field : Fail("more fields than can be counted");
            case CborMajor.Map:
                bool fits = argument <= ulong.MaxValue / 2 && TryAdd(2 * argument);
                return fits ? LinkScanStep.Field : Fail("more fields than can be counted");
            case CborMajor.Tag when argument == CborMajor.LinkTag:
                return LinkScanStep.Link;
            case CborMajor.Tag:
                _fields++;
                return LinkScanStep.Field;
            default:
                return LinkScanStep.Field;
        }
    }

    /// <summary>Reads the content of a link after its tag: a byte string of a zero byte and a CID, with nothing after it.</summary>
    /// <returns>False if malformed; see <see cref="Problem"/>.</returns>
    public bool TryReadLink(out Cid cid)
    {
        cid = default;
        if (!TryReadHead(out int major, out ulong length))
        {
            return false;
        }

        if (major != CborMajor.Bytes || length > (ulong)Remaining || length < 1 || _block[_at] != 0)
        {
            Problem = "a link is no byte string that starts with a zero byte";
            return false;
        }

        ReadOnlySpan<byte> bytes = _block.Slice(_at + 1, (int)length - 1);
        _at += (int)length;
        if (!Cid.TryRead(bytes, out cid, out int read) || (read != bytes.Length && !_forgiveTails))
        {
            Problem = "a link holds no CID";
            return false;
        }

        return true;
    }

    /// <summary>
    /// Reads the content of a link after its tag if it is in the form of <see cref="CborLink"/>: equivalent to <see cref="TryReadLink"/>, but
    /// without constructing the CID. Otherwise consumes nothing.
    /// </summary>
    /// <param name="codec">The CID's codec.</param>
    /// <param name="digest">Its BLAKE2b-256 digest.</param>
    internal bool TryReadUsualLink(out byte codec, out ReadOnlySpan<byte> digest)
    {
        digest = default;
        if (!CborLink.ContinuesTag(_block[_at..], out codec))
        {
            return false;
        }

        digest = _block.Slice(_at + CborLink.LengthAfterTag - CborLink.DigestLength, CborLink.DigestLength);
        _at += CborLink.LengthAfterTag;
        return true;
    }

    /// <summary>
    /// Skips the content of a link after its tag if it is an identity CID of raw bytes or plain CBOR in the usual form: equivalent to
    /// <see cref="TryReadLink"/>, but without constructing the CID. Otherwise consumes nothing.
    /// </summary>
    public bool TrySkipInlineData()
    {
        ReadOnlySpan<byte> rest = _block[_at..];
        int start = !rest.IsEmpty && rest[0] == ShortBytes ? 2 : 1;
        if (rest.Length < start + InlineHead)
        {
            return false;
        }

        int length = start == 2 ? rest[1] : rest[0] is >= EmptyBytes and < ShortBytes ? rest[0] - EmptyBytes : 0;
        if (length is < InlineHead or > InlineHead + Cid.MaxDigestLength || length > rest.Length - start)
        {
            return false;
        }

        ReadOnlySpan<byte> link = rest.Slice(start, length);
        if (link[0] != 0
            || link[1] != 1
            || link[2] is not ((byte)Multicodec.Raw or (byte)Multicodec.Cbor)
            || link[3] != (byte)MultihashCode.Identity
            || link[4] != length - InlineHead)
        {
            return false;
        }

        _at += start + length;
        return true;
    }

    private bool TryAdd(ulong fields)
    {
        ulong sum = _fields + fields;
        bool fits = sum >= fields;
        _fields = sum;
        return fits;
    }

    private bool TryReadHead(out int major, out ulong argument)
    {
        if ((uint)_at >= (uint)_block.Length)
        {
            Problem = "the block ends within an item";
            major = 0;
            argument = 0;
            return false;
        }

        byte first = _block[_at];
        major = first >> 5;
        argument = (ulong)(first & 0x1f);
        if (argument < 24)
        {
            _at++;
            return true;
        }

        return TryReadArgument((int)argument, out argument);
    }

    private bool TryReadArgument(int form, out ulong argument)
    {
        int width = 1 << (form & 3);
        if (form > 27 || Remaining <= width)
        {
            Problem = "a head is malformed or cut off";
            argument = 0;
            return false;
        }

        ReadOnlySpan<byte> bytes = _block[(_at + 1)..];
        argument = ArgumentOf(form, bytes);
        _at += 1 + width;
        return true;
    }

    private static ulong ArgumentOf(int form, ReadOnlySpan<byte> bytes) => form switch
    {
        24 => bytes[0],
        25 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        26 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };

    private LinkScanStep Fail(string problem)
    {
        Problem = problem;
        return LinkScanStep.Malformed;
    }
}
