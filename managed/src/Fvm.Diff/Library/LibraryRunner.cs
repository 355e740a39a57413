using System.Globalization;
using System.Runtime.InteropServices;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Runs vectors on a library with the C interface and prints the results as a command of a comparison does, with traces in the order of the
/// interface. Meant for a process of its own: the library may end it.
/// </summary>
public sealed class LibraryRunner
{
    private readonly LibraryFunctions _library;
    private readonly BundleCatalog _bundles;

    /// <param name="path">The library.</param>
    /// <param name="bundleDirectory">The folder of the actors' bundles.</param>
    /// <exception cref="Files.FileException">The library cannot be loaded.</exception>
    public LibraryRunner(string path, string? bundleDirectory)
    {
        HostSymbols.Load(HostCallbacks.All);
        _library = new LibraryFunctions(path);
        _bundles = new BundleCatalog(bundleDirectory);
    }

    /// <summary>Runs vectors.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="output">Gets one line per vector that can be run.</param>
    /// <param name="errors">Gets why others cannot.</param>
    /// <param name="blocks">The folder for the blocks that the flushes put, as <c>NUMBER.car</c>; null for none.</param>
    /// <returns>Whether all could be run.</returns>
    public bool Run(IEnumerable<VectorOrError> vectors, TextWriter output, TextWriter errors, string? blocks)
    {
        bool all = true;
        int number = 0;
        foreach (VectorOrError entry in vectors)
        {
            try
            {
                Vector vector = entry.Vector ?? throw new InputException(entry.Error ?? "unreadable");
                foreach (VectorVariant variant in vector.Variants)
                {
                    LibraryHost host = new(
                        vector, vector.Bundle is null ? _bundles.OpenDefault(variant.NetworkVersion) : _bundles.Open(vector.Bundle));
                    PrintedOutcomes outcomes = Run(vector, variant, host);
                    if (blocks is not null && Cid.TryParse(outcomes.StateRoot, out Cid root))
                    {
                        string path = Path.Combine(blocks, string.Create(CultureInfo.InvariantCulture, $"{number}.car"));
                        AtomicFile.Write(path, stream => CarFiles.Write(stream, root, host.Written), durable: false);
                    }

                    number++;
                    output.WriteLine(ResultJson.Outcomes(outcomes));
                    output.Flush();
                }
            }
            catch (InputException exception)
            {
                all = false;
                errors.WriteLine(exception.Message);
            }
        }

        return all;
    }

    private PrintedOutcomes Run(Vector vector, VectorVariant variant, LibraryHost host)
    {
        List<MessageOutcome> outcomes = [];
        GCHandle handle = GCHandle.Alloc(host);
        nint machine = 0;
        try
        {
            machine = Create(vector, variant, (ulong)(nint)GCHandle.ToIntPtr(handle));
            foreach (VectorMessage message in vector.Messages)
            {
                outcomes.Add(Execute(machine, message));
            }

            return new PrintedOutcomes(WithTraces(outcomes), Flush(machine), null, IsTree: true);
        }
        catch (Exception exception) when (exception is LibraryException or CborException or MessageException)
        {
            return new PrintedOutcomes(WithTraces(outcomes), null, PrintableText.Of(exception.Message), IsTree: true);
        }
        finally
        {
            Drop(machine);
            handle.Free();
        }
    }

    // A message that was refused has no trace; a library without tracing has none for any.
    private static List<MessageOutcome> WithTraces(List<MessageOutcome> outcomes) => outcomes.Any(static outcome => outcome.Trace is not null)
        ? [.. outcomes.Select(static outcome => outcome with { Trace = outcome.Trace ?? [] })]
        : outcomes;

    // Sound: the arguments are pinned for the call, and the response is read before it is destroyed.
    private unsafe nint Create(Vector vector, VectorVariant variant, ulong host)
    {
        AmountHalves fee = AmountHalves.Of(vector.BaseFee);
        AmountHalves supply = AmountHalves.Of(vector.CirculatingSupply);
        ulong timestamp = vector.Timestamp ?? VectorParser.DefaultTimestamp(variant.Epoch);
        if (!Cid.TryParse(vector.PreRoot, out Cid root))
        {
            throw new InputException($"{vector.Source}: preconditions.state_tree.root_cid is not a CID");
        }

        fixed (byte* cid = root.ToBytes())
        {
            LentBytes state = new() { Pointer = (nint)cid, Length = (nuint)root.ByteLength };
            LentBytes redirect = new() { Pointer = (nint)cid, Length = 0 };
            MachineResponse* response = vector.ActorDebugging
                ? _library.CreateDebug(
                    0, (ulong)variant.Epoch, timestamp, vector.ChainId, fee.High, fee.Low, supply.High, supply.Low, variant.NetworkVersion,
                    state, redirect, 1, 0, host, host)
                : _library.Create(
                    0, (ulong)variant.Epoch, timestamp, vector.ChainId, fee.High, fee.Low, supply.High, supply.Low, variant.NetworkVersion,
                    state, 1, 0, host, host);
            Require((nint)response);
            nint machine = response->Machine;
            string? error = response->Status == 0 ? null : response->Error.Text();
            response->Machine = 0;
            _library.DestroyCreate(response);
            return error is null ? machine : throw new LibraryException($"the machine cannot be created: {error}");
        }
    }

    // Sound: as Create.
    private unsafe MessageOutcome Execute(nint machine, VectorMessage message)
    {
        int length = message.RawLength ?? RawLengths.Of(Message.Decode(message.Bytes), message.Bytes.Length);
        fixed (byte* bytes = message.Bytes)
        {
            LentBytes lent = new() { Pointer = (nint)bytes, Length = (nuint)message.Bytes.Length };
            MessageResponse* response = _library.Execute(machine, lent, message.Implicit ? 0 : (ulong)length, message.Implicit ? 1u : 0u);
            Require((nint)response);
            try
            {
                return response->Status == 0 ? OutcomeOf(*response) : throw new LibraryException(response->Error.Text());
            }
            finally
            {
                _library.DestroyExecute(response);
            }
        }
    }

    // Sound: as Create.
    private unsafe string Flush(nint machine)
    {
        BytesResponse* response = _library.Flush(machine);
        Require((nint)response);
        try
        {
            return response->Status != 0
                ? throw new LibraryException($"the state cannot be flushed: {response->Error.Text()}")
                : CidText(response->Value.Copy());
        }
        finally
        {
            _library.DestroyFlush(response);
        }
    }

    // Sound: the machine is one of the library's, or zero.
    private unsafe void Drop(nint machine)
    {
        if (machine != 0)
        {
            _library.Drop(machine);
        }
    }

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
