using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Slowest.Tests;

/// <summary>The comparison of both machines covers every instruction and syscall, and refusals throw no exceptions.</summary>
internal sealed class LoopsTests
{
    private const string Refused = " of all ones";

    private static IEnumerable<string> Syscalls =>
        from row in SyscallTable.AllRows where row.To == NetworkTable.Last select $"{row.Module}.{row.Name}";

    private static IEnumerable<Loop> LoopsOverSyscalls => SyscallLoops.All;

    [Test]
    public void Every_syscall_has_a_loop()
    {
        // By the loop's name, which states its subject, or its code; loops over refusals are made from the table and say nothing.
        Loop[] loops = [.. Loops.All.Where(static loop => !loop.Name.EndsWith(Refused, StringComparison.Ordinal))];
        string[] missing = [.. Syscalls.Where(name => !loops.Any(loop => $"{loop.Name} {loop.Body} ".Contains(name, StringComparison.Ordinal)))];
        Assert.That(Syscalls.Count(), Is.GreaterThan(40), "the syscalls are found");
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Every_syscall_with_arguments_has_a_loop_that_has_them_refused()
    {
        string[] refused = [.. Loops.All.Select(static loop => loop.Name).Where(static name => name.EndsWith(Refused, StringComparison.Ordinal))];
        string[] missing = [.. SyscallTable.AllRows
            .Where(static row => row.To == NetworkTable.Last && row.Parameters.Length > 0 && row.Name != "exit")
            .Select(static row => $"{row.Module}.{row.Name}{Refused}")
            .Except(refused)];
        Assert.That(refused, Has.Length.GreaterThan(20));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Every_opcode_has_a_loop()
    {
        // More occurrences than in the frame common to all loops; callees of loops count as well.
        Dictionary<Opcode, int> frame = Count(LoopActor.Module(new Loop("", "")));
        HashSet<Opcode> found = [];
        foreach (byte[] module in Loops.All.Select(LoopActor.Module).Concat(Callees.All.Select(static actor => Callees.CodeOf(actor.Code))))
        {
            found.UnionWith(Count(module).Where(pair => pair.Value > frame.GetValueOrDefault(pair.Key)).Select(static pair => pair.Key));
        }

        Assert.That(Opcodes.All.Where(info => !found.Contains(info.Opcode) && IsAccepted(info)).Select(static info => info.Name), Is.Empty);
    }

    // Some are valid in initialisers only: the validator rejects them in functions, whatever their operands.
    private static bool IsAccepted(OpcodeInfo info)
    {
        try
        {
            _ = ModuleValidator.Decode(LoopActor.Module($"{info.Name} 0 drop i32.const 0"), ReferenceLimits.Modules);
            return true;
        }
        catch (InvalidModuleException refusal)
        {
            return !refusal.Message.Contains("is not supported in function bodies", StringComparison.Ordinal);
        }
    }

    [Test]
    public void Names_of_loops_are_unique() => Assert.That(Loops.All.Select(static loop => loop.Name), Is.Unique);

    /// <summary>An exception takes tens of microseconds, more than the cost of most refusals to the actor.</summary>
    [TestCaseSource(nameof(LoopsOverSyscalls))]
    public void No_syscall_throws(Loop loop)
    {
        using LoopVector vectors = new();
        List<string> thrown = [];
        EventHandler<System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs> note = (_, raised) =>
        {
            lock (thrown)
            {
                thrown.Add(raised.Exception.ToString());
            }
        };
        AppDomain.CurrentDomain.FirstChanceException += note;
        try
        {
            _ = vectors.Run(loop, 2);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= note;
        }

        Assert.That(thrown, Is.Empty);
    }

    private static Dictionary<Opcode, int> Count(byte[] bytes)
    {
        WasmModule module = ModuleValidator.Decode(bytes, ReferenceLimits.Modules);
        Dictionary<Opcode, int> counts = [];
        foreach (FunctionBody body in module.Bodies)
        {
            InstructionReader reader = new(bytes, body);
            while (reader.MoveNext())
            {
                counts[reader.Opcode] = counts.GetValueOrDefault(reader.Opcode) + 1;
            }
        }

        return counts;
    }
}
