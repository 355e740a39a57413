using Fvm.Wasm.Fuzz;

namespace Fvm.Slowest;

/// <summary>
/// The repeated code of an actor. Code is text (see <see cref="CodeText"/>) in which <c>call module.name</c> is a syscall. Local 0 is the
/// block id of the parameters, local 1 (i64) the remaining rounds; the loop's own locals begin at 2. Results of syscalls go to
/// <see cref="LoopActor.Result"/>, data is at <see cref="LoopActor.Data"/>.
/// </summary>
/// <param name="Name">Syscall or opcode, followed by the special feature of the loop.</param>
/// <param name="Body">The code of one round, with no net effect on the operand stack.</param>
internal sealed record Loop(string Name, string Body)
{
    /// <summary>The loop's locals, as letters and counts.</summary>
    public string Locals { get; init; } = "";

    /// <summary>Code before the loop.</summary>
    public string Setup { get; init; } = "";

    /// <summary>Code after the loop: uses the results, so that no compiler can eliminate the code that produces them.</summary>
    public string After { get; init; } = "";

    /// <summary>Content of memory at <see cref="LoopActor.Data"/>.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>Pages of memory.</summary>
    public uint Pages { get; init; } = 1;

    /// <summary>
    /// Whether all runs take the same time: only the actor's own code runs, without managed objects that are collected occasionally.
    /// </summary>
    public bool IsSteady { get; init; }

    /// <summary>Adds further parts to the module; functions defined here come after those of the actor.</summary>
    public Action<ModuleBuilder>? More { get; init; }

    /// <summary>Maximum number of rounds, for loops bounded by something other than gas.</summary>
    public ulong MaxRounds { get; init; } = ulong.MaxValue;
}
