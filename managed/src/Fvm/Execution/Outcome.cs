namespace Fvm;

/// <summary>How a step below the executor ended.</summary>
internal enum OutcomeKind : byte
{
    /// <summary>It did what was asked.</summary>
    Ok = 0,

    /// <summary>The actor is told an error number and goes on.</summary>
    Error,

    /// <summary>The gas is used up: the call stack unwinds to where a limit was set.</summary>
    OutOfGas,

    /// <summary>The machine or the host is broken: the message ends with SYS_ASSERTION_FAILED and all its gas.</summary>
    Fatal,

    /// <summary>The actor ended itself (<c>vm.exit</c>): only syscall handlers answer it, never a kernel.</summary>
    Exit,
}

/// <summary>
/// The result of every step below the executor. Kinds are never converted into one another implicitly: who turns an error into a fatal
/// says so (<see cref="OrFatal"/>).
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

    /// <summary>The gas is used up.</summary>
    public static Outcome OutOfGas => new(OutcomeKind.OutOfGas, default, null);

    /// <summary>The actor ended itself; the gate knows how.</summary>
    public static Outcome Exit => new(OutcomeKind.Exit, default, null);

    /// <summary>Which of the kinds.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>What the actor sees; only for <see cref="OutcomeKind.Error"/>.</summary>
    public ErrorNumber ErrorNumber { get; }

    /// <summary>The reason, for people.</summary>
    public string Message => _message ?? Kind.ToString();

    /// <summary>Whether it succeeded.</summary>
    public bool IsOk => Kind == OutcomeKind.Ok;

    /// <summary>Whether it failed, and the outcome itself to give back: so a step and its guard are one line.</summary>
    public bool Failed(out Outcome outcome)
    {
        outcome = this;
        return !IsOk;
    }

    /// <summary>An error that the actor sees.</summary>
    public static Outcome Error(ErrorNumber number, string message) => new(OutcomeKind.Error, number, message);

    /// <summary>A broken machine or host.</summary>
    public static Outcome Fatal(string message) => new(OutcomeKind.Fatal, default, message);

    /// <summary>Out of gas where <paramref name="paid"/> is false.</summary>
    public static Outcome Charged(bool paid) => paid ? Ok : OutOfGas;

    /// <summary>
    /// Makes everything but success fatal. Running out of gas included: the reference loses the difference where it does the same.
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
