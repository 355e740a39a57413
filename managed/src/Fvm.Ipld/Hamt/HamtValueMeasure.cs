using System.Runtime.CompilerServices;

namespace Fvm.Ipld;

/// <summary>
/// Recognises HAMT values that their <see cref="HamtValueReader"/> would accept and write back as they are: in a node of 32 buckets only one
/// value is asked for, and decoding and encoding the others would take most of the time of a look-up.
/// </summary>
public abstract class HamtValueMeasure
{
    private protected HamtValueMeasure()
    {
    }

    /// <summary>A measure of values of a form.</summary>
    public static HamtValueMeasure Of<TForm>()
        where TForm : struct, IHamtValueForm => new OfForm<TForm>();

    /// <summary>The length in bytes of the value at the start of some bytes; 0 if it has to be decoded to know.</summary>
    internal abstract int LengthOf(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// The length in bytes of a bucket with short keys at the start of some bytes, if it would be written as it was read; 0 if that is not known
    /// without decoding.
    /// </summary>
    /// <param name="bytes">Starts with the bucket; the node's other pointers follow.</param>
    /// <param name="bucketSize">The maximum number of entries.</param>
    internal abstract int LengthOfBucket(ReadOnlySpan<byte> bytes, int bucketSize);

    /// <summary>Measures the pointers of a node until one that is neither a usual link nor such a bucket.</summary>
    /// <param name="bytes">Starts with the pointers.</param>
    /// <param name="bucketSize">The maximum number of entries of a bucket.</param>
    /// <param name="ends">Receives where each pointer ends; its length is the number of pointers.</param>
    /// <returns>The number of pointers that were measured.</returns>
    internal abstract int MeasurePointers(ReadOnlySpan<byte> bytes, int bucketSize, Span<int> ends);

    // The form's code is part of the loop over a bucket's entries: a node of a large state has dozens, and all are checked when it is read.
    private sealed class OfForm<TForm> : HamtValueMeasure
        where TForm : struct, IHamtValueForm
    {
        internal override int LengthOf(ReadOnlySpan<byte> bytes) => TForm.Measure(bytes);

        internal override int LengthOfBucket(ReadOnlySpan<byte> bytes, int bucketSize) => MeasureBucket(bytes, bucketSize);

        internal override int MeasurePointers(ReadOnlySpan<byte> bytes, int bucketSize, Span<int> ends)
        {
            int at = 0;
            for (int rank = 0; rank < ends.Length; rank++)
            {
                ReadOnlySpan<byte> left = bytes[at..];
                BlockPrefetch.Continue(left);
                int length = CborLink.StartsWith(left, out byte codec) && codec == Multicodec.DagCbor
                    ? CborLink.Length
                    : MeasureBucket(left, bucketSize);
                if (length == 0)
                {
                    return rank;
                }

                at += length;
                ends[rank] = at;
            }

            return ends.Length;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int MeasureBucket(ReadOnlySpan<byte> bytes, int bucketSize)
        {
            int count = bytes.IsEmpty ? 0 : bytes[0] - HamtCodec.ArrayOfNone;
            if (count < 1 || count > bucketSize || count > HamtCodec.MostInHead)
            {
                return 0;
            }

            ReadOnlySpan<byte> left = bytes[1..];
            ReadOnlySpan<byte> previous = default;
            for (bool isFirst = true; ; isFirst = false)
            {
                if (left.Length < 2 || left[0] != HamtCodec.ArrayOfTwo)
                {
                    return 0;
                }

                int keyLength = left[1] - HamtCodec.BytesOfNone;
                left = left[2..];
                if ((uint)keyLength > HamtCodec.MostInHead || left.Length < keyLength)
                {
                    return 0;
                }

                ReadOnlySpan<byte> key = left[..keyLength];
                if (!isFirst && previous.SequenceCompareTo(key) >= 0)
                {
                    return 0;
                }

                left = left[keyLength..];
                int length = TForm.Measure(left);
                if (length == 0)
                {
                    return 0;
                }

                left = left[length..];
                if (--count == 0)
                {
                    return bytes.Length - left.Length;
                }

                previous = key;
            }
        }
    }
}
