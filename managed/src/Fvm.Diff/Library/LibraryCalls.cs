using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>Calls of a library's functions, as filecoin-ffi's bindings do them. A call that fails is a <see cref="LibraryException"/>.</summary>
internal sealed class LibraryCalls(LibraryFunctions library)
{
    public nint Create(Vector vector, VectorVariant variant, ulong host) => Create(vector, variant, host, RootOf(vector).ToBytes());

    // Sound: the arguments are pinned for the call, and the response is read before it is destroyed. A machine that the response no longer has is
    // the caller's.
    /// <summary>Creates a machine on a state of any bytes.</summary>
    /// <param name="vector">The other arguments.</param>
    /// <param name="variant">The network version and epoch.</param>
    /// <param name="host">The handle of a <see cref="LibraryHost"/>.</param>
    /// <param name="root">The bytes of the state root; null for a null pointer with a length.</param>
    public unsafe nint Create(Vector vector, VectorVariant variant, ulong host, byte[]? root)
    {
        AmountHalves fee = AmountHalves.Of(vector.BaseFee);
        AmountHalves supply = AmountHalves.Of(vector.CirculatingSupply);
        ulong timestamp = vector.Timestamp ?? VectorParser.DefaultTimestamp(variant.Epoch);
        fixed (byte* cid = root)
        {
            LentBytes state = new() { Pointer = (nint)cid, Length = (nuint)(root?.Length ?? RootOf(vector).ByteLength) };
            LentBytes redirect = new() { Pointer = (nint)cid, Length = 0 };
            MachineResponse* response = vector.ActorDebugging
                ? library.CreateDebug(
                    0, (ulong)variant.Epoch, timestamp, vector.ChainId, fee.High, fee.Low, supply.High, supply.Low, variant.NetworkVersion,
                    state, redirect, 1, 0, host, host)
                : library.Create(
                    0, (ulong)variant.Epoch, timestamp, vector.ChainId, fee.High, fee.Low, supply.High, supply.Low, variant.NetworkVersion,
                    state, 1, 0, host, host);
            Require((nint)response);
            nint machine = response->Machine;
            string? error = response->Status == 0 ? null : response->Error.Text();
            response->Machine = 0;
            library.DestroyCreate(response);
            return error is null ? machine : throw new LibraryException($"the machine cannot be created: {error}");
        }
    }

    public MessageOutcome Execute(nint machine, VectorMessage message)
    {
        int length = message.RawLength ?? RawLengths.Of(Message.Decode(message.Bytes), message.Bytes.Length);
        return Execute(machine, message.Bytes, (nuint)message.Bytes.Length, message.Implicit ? 0 : (ulong)length, message.Implicit);
    }

    // Sound: as Create; a null pointer with a length is what the caller wants to try.
    /// <summary>Applies a message of any bytes.</summary>
    public unsafe MessageOutcome Execute(nint machine, byte[]? message, nuint length, ulong chainLength, bool isImplicit)
    {
        fixed (byte* bytes = message)
        {
            LentBytes lent = new() { Pointer = (nint)bytes, Length = length };
            MessageResponse* response = library.Execute(machine, lent, chainLength, isImplicit ? 1u : 0u);
            Require((nint)response);
            try
            {
                return response->Status == 0 ? OutcomeOf(*response) : throw new LibraryException(response->Error.Text());
            }
            finally
            {
                library.DestroyExecute(response);
            }
        }
    }

    // Sound: as Create.
    public unsafe string Flush(nint machine)
    {
        BytesResponse* response = library.Flush(machine);
        Require((nint)response);
        try
        {
            return response->Status != 0
                ? throw new LibraryException($"the state cannot be flushed: {response->Error.Text()}")
                : CidText(response->Value.Copy());
        }
        finally
        {
            library.DestroyFlush(response);
        }
    }

    // Sound: the machine is one of the library's.
    public unsafe void Drop(nint machine)
    {
        if (machine != 0)
        {
            library.Drop(machine);
        }
    }

    // Sound: the interface says that null is ignored.
    public unsafe void DestroyNothing()
    {
        library.Drop(0);
        library.DestroyCreate(null);
        library.DestroyExecute(null);
        library.DestroyFlush(null);
    }

    private static Cid RootOf(Vector vector) => Cid.TryParse(vector.PreRoot, out Cid root)
        ? root
        : throw new InputException($"{vector.Source}: preconditions.state_tree.root_cid is not a CID");

    private static MessageOutcome OutcomeOf(in MessageResponse response) => new()
    {
        ExitCode = response.ExitCode <= uint.MaxValue
            ? (uint)response.ExitCode
            : throw new LibraryException($"the library returned exit code {response.ExitCode}"),
        Return = response.Return.Copy(),
        GasUsed = response.GasUsed,
        EventsRoot = response.EventsRoot.IsPresent ? CidText(response.EventsRoot.Copy()) : null,
        MinerPenalty = response.Penalty.ToString(),
        MinerTip = response.MinerTip.ToString(),
        BaseFeeBurn = response.BaseFeeBurn.ToString(),
        OverEstimationBurn = response.OverEstimationBurn.ToString(),
        Refund = response.Refund.ToString(),
        GasRefund = response.GasRefund,
        GasBurned = response.GasBurned,
        Failure = response.FailureInfo.IsPresent ? response.FailureInfo.Text() : null,
        EventsJson = TreeReader.Events(response.Events.Copy()),
        Trace = response.Trace.IsPresent ? TreeReader.Trace(response.Trace.Copy()) : null,
    };

    private static string CidText(byte[] bytes) => Cid.TryRead(bytes, out Cid cid, out int read) && read == bytes.Length
        ? cid.ToString()
        : throw new LibraryException($"the library returned 0x{Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 64)))} for a CID");

    private static void Require(nint response)
    {
        if (response == 0)
        {
            throw new LibraryException("the library returned no response");
        }
    }
}
