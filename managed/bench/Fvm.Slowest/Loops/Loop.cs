using Fvm.Wasm.Fuzz;

namespace Fvm.Slowest;

/// <summary>
/// What an actor does again and again. Code is text (see <see cref="CodeText"/>) in which <c>call module.name</c> is a syscall. Local 0 is
/// the parameters' block, local 1 (i64) the rounds left; the loop's own locals begin at 2. Results of syscalls go to
/// <see cref="LoopActor.Result"/>, data lies at <see cref="LoopActor.Data"/>.
/// </summary>
/// <param name="Name">Syscall or opcode, then what is special about it.</param>
/// <param name="Body">One round's code; it leaves the operand stack as it was.</param>
internal sealed record Loop(string Name, string Body)
{
    /// <summary>The loop's locals, as letters and counts.</summary>
    public string Locals { get; init; } = "";

    /// <summary>Code before the loop.</summary>
    public string Setup { get; init; } = "";

    /// <summary>Code after the loop: uses results, so that no compiler may leave out what makes them.</summary>
    public string After { get; init; } = "";

    /// <summary>What memory holds at <see cref="LoopActor.Data"/>.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>Pages of memory.</summary>
    public uint Pages { get; init; } = 1;

    /// <summary>
    /// Whether each run takes the same, since nothing but the actor's own code runs: no objects of the machine that are collected now and then.
    /// </summary>
    public bool IsSteady { get; init; }

    /// <summary>Adds further parts to the module; functions defined here come after those of the actor.</summary>
    public Action<ModuleBuilder>? More { get; init; }

    /// <summary>The most rounds that may run, where something else than gas bounds them.</summary>
    public ulong MaxRounds { get; init; } = ulong.MaxValue;
}
