using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fvm.Ipld;

namespace Fvm;

/// <summary>Recognises encoded actors in the form that nearly all have: the one that <see cref="ActorState.WriteTo"/> writes.</summary>
internal static class CanonicalActor
{
    private const byte ArrayOf4 = 0x84;
    private const byte ArrayOf5 = 0x85;
    private const byte FirstLongHead = 24;
    private const byte Bytes = 0x40;
    private const byte Null = 0xf6;

    // The longest magnitude of an amount that fits a head of one byte, with its sign.
    private const int MostAmountBytes = 23;

    // A delegated address of 20 bytes, managed by the Ethereum address manager: its head, the protocol and the manager.
    private const int EthereumAddressLength = 23;

    private const int NumberAt = 1 + (2 * CborLink.Length);
    private const int AmountAt = NumberAt + 1;

    // With the head of an address.
    private const int MostUsualBytes = AmountAt + 1 + MostAmountBytes + 1;

    private static ReadOnlySpan<byte> EthereumAddress => [0x56, 0x04, 0x0a];

    /// <summary>The length of an actor that is decoded and encoded to the same bytes; 0 if that is not known without decoding.</summary>
    /// <param name="bytes">Starts with the actor; other bytes may follow.</param>
    /// <param name="version">The state tree's version.</param>
    // Inlined into the callers with a constant version: a node has dozens of actors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Measure(ReadOnlySpan<byte> bytes, StateTreeVersion version)
    {
        // The commonest, of which one test decides for all fixed parts: a short number, a positive amount and, if there is a place, no address.
        bool hasAddress = version == StateTreeVersion.V5;
        if (bytes.Length >= MostUsualBytes)
        {
            // A byte before a link, its start with any codec below 128, and bytes of its digest. The second begins where the first ends.
            Vector128<byte> linkMask = Vector128.Create(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
            Vector128<byte> link = Vector128.Create((byte)0, 0xd8, 0x2a, 0x58, 0x27, 0, 1, 0, 0xa0, 0xe4, 0x02, 0x20, 0, 0, 0, 0);
            Vector128<byte> others = ((Vector128.Create(bytes) ^ link) | (Vector128.Create(bytes[CborLink.Length..]) ^ link)) & linkMask;
            int amount = bytes[AmountAt] - Bytes;
            if (bytes[0] == (hasAddress ? ArrayOf5 : ArrayOf4)
                && others == Vector128<byte>.Zero
                && bytes[NumberAt] < FirstLongHead
                && (uint)amount <= MostAmountBytes
                && (amount == 0 || (amount > 1 && bytes[AmountAt + 1] == 0 && bytes[AmountAt + 2] != 0)))
            {
                int end = AmountAt + 1 + amount;
                if (!hasAddress)
                {
                    return end;
                }

                if (bytes[end] == Null)
                {
                    return end + 1;
                }
            }
        }

        return MeasureUnusual(bytes, version);
    }

    private static int MeasureUnusual(ReadOnlySpan<byte> bytes, StateTreeVersion version)
    {
        bool hasAddress = version == StateTreeVersion.V5;
        int at = 1;
        if (bytes.IsEmpty || bytes[0] != (hasAddress ? ArrayOf5 : ArrayOf4)
            || !TrySkipLink(bytes, ref at)
            || !TrySkipLink(bytes, ref at)
            || !TrySkipNumber(bytes, ref at)
            || !TrySkipAmount(bytes, ref at)
            || (hasAddress && !TrySkipAddress(bytes, ref at)))
        {
            return 0;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipLink(ReadOnlySpan<byte> bytes, ref int at)
    {
        bool found = CborLink.StartsWith(bytes[at..], out _);
        at += CborLink.Length;
        return found;
    }

    // An unsigned number with the shortest head.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at < bytes.Length && bytes[at] < FirstLongHead)
        {
            at++;
            return true;
        }

        return TrySkipLongNumber(bytes, ref at);
    }

    private static bool TrySkipLongNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at >= bytes.Length || bytes[at] > FirstLongHead + 3)
        {
            return false;
        }

        int width = 1 << (bytes[at++] - FirstLongHead);
        if (bytes.Length - at < width)
        {
            return false;
        }

        // The shortest: of two halves, the first is not zero; of one byte, it is no number of a head alone.
        bool shortest = width == 1 ? bytes[at] >= FirstLongHead : bytes.Slice(at, width / 2).ContainsAnyExcept((byte)0);
        at += width;
        return shortest;
    }

    // A positive amount without leading zeros, or zero as the empty string.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipAmount(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at >= bytes.Length || bytes[at] is < Bytes or > Bytes + MostAmountBytes)
        {
            return false;
        }

        int length = bytes[at++] - Bytes;
        if (length == 0)
        {
            return true;
        }

        if (length < 2 || length > bytes.Length - at || bytes[at] != 0 || bytes[at + 1] == 0)
        {
            return false;
        }

        at += length;
        return true;
    }

    private static bool TrySkipAddress(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at < bytes.Length && bytes[at] == Null)
        {
            at++;
            return true;
        }

        bool found = bytes.Length - at >= EthereumAddressLength && bytes[at..].StartsWith(EthereumAddress);
        at += EthereumAddressLength;
        return found;
    }

    /// <summary>The form of <see cref="StateTreeVersion.V4"/>.</summary>
    public readonly struct FormV4 : IHamtValueForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Measure(ReadOnlySpan<byte> bytes) => CanonicalActor.Measure(bytes, StateTreeVersion.V4);
    }

    /// <summary>The form of <see cref="StateTreeVersion.V5"/>.</summary>
    public readonly struct FormV5 : IHamtValueForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Measure(ReadOnlySpan<byte> bytes) => CanonicalActor.Measure(bytes, StateTreeVersion.V5);
    }
}
