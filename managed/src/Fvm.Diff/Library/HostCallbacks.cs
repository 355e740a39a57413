using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm.Diff;

/// <summary>
/// The host's functions of the C interface: those on blocks and the chain, by the <see cref="LibraryHost"/> that the handle denotes, and
/// filecoin-ffi's verification of proofs, all of which are valid, as in recordings.
/// </summary>
// Sound: the signatures are those of the interface, whose caller lends the arguments for the call; a handle is one that this program gave out.
// A library that breaks these rules ends this process, which exists for that.
internal static unsafe class HostCallbacks
{
    private const int NotFound = -2;
    private const int Io = -3;
    private const int InvalidArgument = -4;
    private const int MaxBlocks = 1 << 30;
    private const int RandomnessLength = 32;

    // Result_bool_t of filecoin-ffi: status, error text, verdict.
    private const int VerdictSize = 32;
    private const int VerdictAt = 24;

    /// <summary>The names and addresses of all functions.</summary>
    public static IReadOnlyList<(string Name, nint Address)> All { get; } =
    [
        ("cgo_blockstore_get", (nint)(delegate* unmanaged[Cdecl]<ulong, byte*, int, byte**, int*, int>)&Get),
        ("cgo_blockstore_has", (nint)(delegate* unmanaged[Cdecl]<ulong, byte*, int, int>)&Has),
        ("cgo_blockstore_put", (nint)(delegate* unmanaged[Cdecl]<ulong, byte*, int, byte*, int, int>)&Put),
        ("cgo_blockstore_put_many", (nint)(delegate* unmanaged[Cdecl]<ulong, int*, int, byte*, int>)&PutMany),
        ("cgo_extern_get_chain_randomness", (nint)(delegate* unmanaged[Cdecl]<ulong, long, byte*, int>)&ChainRandomness),
        ("cgo_extern_get_beacon_randomness", (nint)(delegate* unmanaged[Cdecl]<ulong, long, byte*, int>)&BeaconRandomness),
        ("cgo_extern_verify_consensus_fault",
            (nint)(delegate* unmanaged[Cdecl]<ulong, byte*, int, byte*, int, byte*, int, ulong*, long*, long*, long*, int>)&ConsensusFault),
        ("cgo_extern_get_tipset_cid", (nint)(delegate* unmanaged[Cdecl]<ulong, long, byte*, int, int>)&TipsetCid),
        ("verify_seal", (nint)(delegate* unmanaged[Cdecl]<nint>)&Valid),
        ("verify_aggregate_seal_proof", (nint)(delegate* unmanaged[Cdecl]<nint>)&Valid),
        ("verify_window_post", (nint)(delegate* unmanaged[Cdecl]<nint>)&Valid),
        ("verify_empty_sector_update_proof", (nint)(delegate* unmanaged[Cdecl]<nint>)&Valid),
        ("destroy_verify_seal_response", (nint)(delegate* unmanaged[Cdecl]<nint, void>)&DestroyVerdict),
    ];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Get(ulong store, byte* cid, int length, byte** block, int* size)
    {
        try
        {
            if (HostOf(store).Blocks.Get(CidOf(cid, length)) is not byte[] found)
            {
                return NotFound;
            }

            // The library frees it; a block of no bytes has a pointer, too.
            nint copy = malloc((nuint)Math.Max(1, found.Length));
            if (copy == 0)
            {
                return Io;
            }

            found.CopyTo(new Span<byte>((void*)copy, found.Length));
            *block = (byte*)copy;
            *size = found.Length;
            return 0;
        }
        catch (Exception exception)
        {
            return CodeOf(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Has(ulong store, byte* cid, int length)
    {
        try
        {
            return HostOf(store).Blocks.Has(CidOf(cid, length)) ? 1 : 0;
        }
        catch (Exception exception)
        {
            return CodeOf(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Put(ulong store, byte* cid, int length, byte* block, int size)
    {
        try
        {
            HostOf(store).Written.Put(CidOf(cid, length), new ReadOnlySpan<byte>(block, size).ToArray());
            return 0;
        }
        catch (Exception exception)
        {
            return CodeOf(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int PutMany(ulong store, int* lengths, int count, byte* blocks)
    {
        try
        {
            MemoryBlockstore written = HostOf(store).Written;
            if (count is < 0 or > MaxBlocks)
            {
                return InvalidArgument;
            }

            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<byte> item = new(blocks, lengths[index]);
                Cid cid = Cid.TryRead(item, out Cid found, out int read) ? found : throw new FormatException("no CID");
                written.Put(cid, item[read..].ToArray());
                blocks += lengths[index];
            }

            return 0;
        }
        catch (Exception exception)
        {
            return CodeOf(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ChainRandomness(ulong externs, long epoch, byte* output) => Randomness(externs, epoch, beacon: false, output);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int BeaconRandomness(ulong externs, long epoch, byte* output) => Randomness(externs, epoch, beacon: true, output);

    private static int Randomness(ulong externs, long epoch, bool beacon, byte* output)
    {
        try
        {
            HostOf(externs).Randomness(epoch, beacon).CopyTo(new Span<byte>(output, RandomnessLength));
            return 0;
        }
        catch (Exception exception)
        {
            return CodeOf(exception);
        }
    }

    // No fault is found, at no cost of the host's.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ConsensusFault(
        ulong externs, byte* first, int firstLength, byte* second, int secondLength, byte* extra, int extraLength,
        ulong* miner, long* epoch, long* fault, long* gasUsed)
    {
        *fault = 0;
        *gasUsed = 0;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int TipsetCid(ulong externs, long epoch, byte* output, int length)
    {
        try
        {
            return HostOf(externs).TipsetCid(epoch).ToBytes().AsSpan().TryCopyTo(new Span<byte>(output, length)) ? 0 : InvalidArgument;
        }
        catch (Exception exception)
        {
            return CodeOf(exception);
        }
    }

    // The caller's arguments are not looked at; it cleans them up itself.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Valid()
    {
        nint response = calloc(1, VerdictSize);
        if (response != 0)
        {
            *(byte*)(response + VerdictAt) = 1;
        }

        return response;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DestroyVerdict(nint response) => free(response);

    private static LibraryHost HostOf(ulong handle) => (LibraryHost)GCHandle.FromIntPtr((nint)handle).Target!;

    private static Cid CidOf(byte* cid, int length) => Cid.TryRead(new ReadOnlySpan<byte>(cid, length), out Cid found, out int read) && read == length
        ? found
        : throw new FormatException("no CID");

    private static int CodeOf(Exception exception) => exception is FormatException or ArgumentException ? InvalidArgument : Io;

    // The C library's own, whose free the library calls.
    [DllImport("libc")]
    private static extern nint malloc(nuint size);

    [DllImport("libc")]
    private static extern nint calloc(nuint count, nuint size);

    [DllImport("libc")]
    private static extern void free(nint memory);
}
