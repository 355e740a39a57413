using System.Runtime.InteropServices;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Calls at the edges of the C interface: null pointers, wrong lengths, handles that are none, an unusual order. Each runs in a process of its own,
/// which a library may end.
/// </summary>
public sealed class LibraryEdges
{
    private const uint UnknownVersion = 9_999;

    private static readonly (LibraryEdge Edge, Func<LibraryEdges, string?> Try)[] Rows =
    [
        Row("create-unknown-version", "a machine of network version 9999 is refused",
            static edges => edges.RefusesVersion()),
        Row("create-root-empty", "a machine on a state root of no bytes is refused",
            static edges => edges.RefusesRoot([])),
        Undefined("create-root-null", "a machine on a state root that is a null pointer with a length is refused",
            static edges => edges.RefusesRoot(null)),
        Row("create-root-short", "a machine on a CID that lacks its last byte is refused",
            static edges => edges.RefusesRoot(edges.Root()[..^1])),
        Row("create-root-missing", "a machine on a state that the host does not have is refused",
            static edges => edges.RefusesRoot(Missing())),
        Row("execute-null-message", "a message that is a null pointer is refused; the machine stays usable",
            static edges => edges.RefusesMessage(null, 0)),
        Undefined("execute-null-length", "a null pointer with a length is refused; the machine stays usable",
            static edges => edges.RefusesMessage(null, 64)),
        Row("execute-short-message", "a message that lacks its last byte is refused; the machine stays usable",
            static edges => edges.RefusesMessage(edges.FirstMessage(), edges.FirstMessage().Length - 1)),
        Row("execute-garbage", "bytes that are no message are refused; the machine stays usable",
            static edges => edges.RefusesMessage([0xff, 0xff, 0xff], 3)),
        Undefined("execute-no-machine", "a message on a machine that is a null pointer is refused",
            static edges => Refusal(() => edges._calls.Execute(0, edges._vector.Messages[0]))),
        Undefined("execute-dropped", "a message on a machine that was dropped is refused",
            static edges => edges.RefusesDropped()),
        Undefined("flush-no-machine", "the flush of a machine that is a null pointer is refused",
            static edges => Refusal(() => edges._calls.Flush(0))),
        Row("flush-first", "a flush before any message gives the root that the machine began with",
            static edges => edges.FlushesFirst()),
        Row("flush-twice", "a second flush gives the same root, and messages may follow",
            static edges => edges.FlushesTwice()),
        Row("machines-together", "two machines at a time do not disturb each other",
            static edges => edges.RunsTogether()),
        Undefined("drop-null", "dropping and destroying null pointers does nothing",
            static edges => edges.DropsNothing()),
        Undefined("drop-twice", "dropping a machine again does nothing",
            static edges => edges.DropsTwice()),
    ];

    private readonly LibraryCalls _calls;
    private readonly Vector _vector;
    private readonly LibraryHost _host;

    /// <param name="path">The library.</param>
    /// <param name="vector">The vector whose state and messages the calls use.</param>
    /// <param name="bundles">The bundles.</param>
    /// <exception cref="InputException">The library cannot be loaded.</exception>
    public LibraryEdges(string path, Vector vector, BundleCatalog bundles)
    {
        HostSymbols.Load(HostCallbacks.All);
        _calls = new LibraryCalls(new LibraryFunctions(path));
        _vector = vector;
        _host = new LibraryHost(vector, bundles.Of(vector, Variant));
    }

    /// <summary>All edges.</summary>
    public static IReadOnlyList<LibraryEdge> All { get; } = [.. Rows.Select(static row => row.Edge)];

    private VectorVariant Variant => _vector.Variants[0];

    /// <summary>Tries one edge.</summary>
    /// <returns>What came instead of what has to; null if it came.</returns>
    /// <exception cref="InputException">There is no such edge.</exception>
    public string? Try(string name)
    {
        Func<LibraryEdges, string?> run = Rows.FirstOrDefault(row => row.Edge.Name == name).Try
            ?? throw new InputException($"there is no edge '{name}'; they are {string.Join(", ", All.Select(static edge => edge.Name))}");
        try
        {
            return run(this);
        }
        catch (LibraryException exception)
        {
            return $"it failed: {exception.Message}";
        }
    }

    private static (LibraryEdge Edge, Func<LibraryEdges, string?> Try) Row(string name, string description, Func<LibraryEdges, string?> run) =>
        (new LibraryEdge(name, description, IsUndefined: false), run);

    private static (LibraryEdge Edge, Func<LibraryEdges, string?> Try) Undefined(string name, string description, Func<LibraryEdges, string?> run) =>
        (new LibraryEdge(name, description, IsUndefined: true), run);

    private static byte[] Missing() => Cid.Blake2b256(Multicodec.DagCbor, "no state"u8).ToBytes();

    // A refusal is an error response; that there was none is what to tell.
    private static string? Refusal<T>(Func<T> call)
    {
        try
        {
            return $"it gave {call()} instead of an error";
        }
        catch (LibraryException)
        {
            return null;
        }
    }

    private byte[] Root() => Cid.Parse(_vector.PreRoot).ToBytes();

    private byte[] FirstMessage() => _vector.Messages[0].Bytes;

    // The handle lives as long as this process.
    private ulong Host() => (ulong)(nint)GCHandle.ToIntPtr(GCHandle.Alloc(_host));

    private nint Create() => _calls.Create(_vector, Variant, Host());

    private string? RefusesVersion() => Refusal(() => _calls.Create(_vector, Variant with { NetworkVersion = UnknownVersion }, Host()));

    private string? RefusesRoot(byte[]? root) => Refusal(() => _calls.Create(_vector, Variant, Host(), root));

    private string? RefusesMessage(byte[]? message, int length)
    {
        nint machine = Create();
        string? failure = Refusal(() => _calls.Execute(machine, message, (nuint)length, (ulong)length, isImplicit: false));
        failure ??= Same("the result after it", _calls.Execute(machine, _vector.Messages[0]).GasUsed, _vector.Receipts[0].GasUsed);
        _calls.Drop(machine);
        return failure;
    }

    private string? RefusesDropped()
    {
        nint machine = Create();
        _calls.Drop(machine);
        return Refusal(() => _calls.Execute(machine, _vector.Messages[0]));
    }

    private string? FlushesFirst()
    {
        nint machine = Create();
        string? failure = Same("the root", _calls.Flush(machine), _vector.PreRoot);
        _calls.Drop(machine);
        return failure;
    }

    private string? FlushesTwice()
    {
        nint machine = Create();
        _calls.Execute(machine, _vector.Messages[0]);
        string? failure = Same("the second root", _calls.Flush(machine), _calls.Flush(machine));
        foreach (VectorMessage message in _vector.Messages.Skip(1))
        {
            _calls.Execute(machine, message);
        }

        failure ??= Same("the root at the end", _calls.Flush(machine), _vector.PostRoot);
        _calls.Drop(machine);
        return failure;
    }

    private string? RunsTogether()
    {
        nint one = Create();
        nint other = Create();
        foreach (VectorMessage message in _vector.Messages)
        {
            _calls.Execute(one, message);
            _calls.Execute(other, message);
        }

        string? failure = Same("the first root", _calls.Flush(one), _vector.PostRoot);
        _calls.Drop(one);
        failure ??= Same("the second root", _calls.Flush(other), _vector.PostRoot);
        _calls.Drop(other);
        return failure;
    }

    private string? DropsNothing()
    {
        _calls.DestroyNothing();
        return FlushesFirst();
    }

    private string? DropsTwice()
    {
        nint machine = Create();
        _calls.Drop(machine);
        _calls.Drop(machine);
        return FlushesFirst();
    }

    private static string? Same<T>(string what, T actual, T wanted) =>
        EqualityComparer<T>.Default.Equals(actual, wanted) ? null : $"{what} is {actual}, wanted {wanted}";
}
