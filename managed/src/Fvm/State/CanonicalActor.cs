using System.Runtime.CompilerServices;
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

    private static ReadOnlySpan<byte> EthereumAddress => [0x56, 0x04, 0x0a];

    /// <summary>The length of an actor that is decoded and encoded to the same bytes; 0 if that is not known without decoding.</summary>
    /// <param name="bytes">Starts with the actor; other bytes may follow.</param>
    /// <param name="version">The state tree's version.</param>
    // Inlined into the callers with a constant version: a node has dozens of actors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Measure(ReadOnlySpan<byte> bytes, StateTreeVersion version)
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
}
