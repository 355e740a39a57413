namespace Fvm;

/// <summary>The kind of an outcome.</summary>
internal enum OutcomeKind : byte
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>A syscall error: the actor sees an error number and continues.</summary>
    Error,

    /// <summary>Out of gas: the call stack unwinds to where the limit was set.</summary>
    OutOfGas,

    /// <summary>The machine or the host is broken: the message ends with SYS_ASSERTION_FAILED and consumes its gas limit.</summary>
    Fatal,

    /// <summary>The actor ended itself (<c>vm.exit</c>): returned only by syscall handlers, never by a kernel.</summary>
    Exit,
}

/// <summary>
/// The result of every step below the executor. Kinds are never converted implicitly: turning an error into a fatal one is explicit
/// (<see cref="OrFatal"/>).
/// </summary>
internal readonly struct Outcome
{
    private readonly string? _message;

    private Outcome(OutcomeKind kind, ErrorNumber errorNumber, string? message)
    {
        Kind = kind;
        ErrorNumber = errorNumber;
        _message = message;
    }

    /// <summary>Success.</summary>
    public static Outcome Ok => default;

    /// <summary>Out of gas.</summary>
    public static Outcome OutOfGas => new(OutcomeKind.OutOfGas, default, null);

    /// <summary>The actor ended itself; the gate has its exit code.</summary>
    public static Outcome Exit => new(OutcomeKind.Exit, default, null);

    /// <summary>The kind.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>The error number that the actor sees; only for <see cref="OutcomeKind.Error"/>.</summary>
    public ErrorNumber ErrorNumber { get; }

    /// <summary>The reason, human-readable.</summary>
    public string Message => _message ?? Kind.ToString();

    /// <summary>Whether it succeeded.</summary>
    public bool IsOk => Kind == OutcomeKind.Ok;

    /// <summary>Whether it failed; also returns the outcome itself, so that a step and its guard fit on one line.</summary>
    public bool Failed(out Outcome outcome)
    {
        outcome = this;
        return !IsOk;
    }

    /// <summary>An error that the actor sees.</summary>
    public static Outcome Error(ErrorNumber number, string message) => new(OutcomeKind.Error, number, message);

    /// <summary>A broken machine or host.</summary>
    public static Outcome Fatal(string message) => new(OutcomeKind.Fatal, default, message);

    /// <summary>Success if <paramref name="paid"/>; otherwise out of gas.</summary>
    public static Outcome Charged(bool paid) => paid ? Ok : OutOfGas;

    /// <summary>
    /// Makes any failure fatal, including out of gas: the reference makes no difference where it does the same.
    /// </summary>
    public Outcome OrFatal() => Kind switch
    {
        OutcomeKind.Ok => this,
        OutcomeKind.OutOfGas => Fatal("out of gas"),
        _ => Fatal(Message),
    };

    /// <inheritdoc/>
    public override string ToString() => Kind == OutcomeKind.Error ? $"{ErrorNumber}: {Message}" : Message;
}
