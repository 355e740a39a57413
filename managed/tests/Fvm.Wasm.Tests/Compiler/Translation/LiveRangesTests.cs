using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Which locals never live at the same time. Local 0 is a parameter, 1 to 3 are not.</summary>
public sealed class LiveRangesTests
{
    private const string Set1 = "i32.const 1 local.set 1 ";
    private const string Get1 = "local.get 1 drop ";
    private const string Set2 = "i32.const 1 local.set 2 ";
    private const string Get2 = "local.get 2 drop ";
    private const string Again = "local.get 0 br_if 0 ";

    [TestCase(Set1 + Get1 + Set2 + Get2, TestName = "One after the other")]
    [TestCase(Set1 + "local.get 1 local.set 2 " + Get2, TestName = "The last read is the operand of the first set")]
    [TestCase("loop " + Set1 + Get1 + Set2 + Get2 + Again + "end ", TestName = "Within an iteration")]
    [TestCase(Set1 + "loop " + Get1 + Again + "end " + Set2 + Get2, TestName = "After the loop that a local lives through")]
    [TestCase("loop " + Set1 + "loop " + Get1 + Again + "end " + Set2 + Get2 + Again + "end ", TestName = "After an inner loop")]
    [TestCase(Set1 + Get1 + Set2 + Get2 + Set1 + Get1, TestName = "Before a local is set again")]
    [TestCase("loop " + Get1 + Set2 + Get2 + Set1 + Again + "end ", TestName = "Before a local is set for the next iteration")]
    [TestCase(Set1 + Get1 + "block " + Again + Set2 + Get2 + Set1 + Get1 + "end ", TestName = "Since the start of a basic block that sets a local again")]
    public void Two_locals_are_disjoint(string code) => Assert.That(Meet(code), Is.False);

    [TestCase(Set1 + Set2 + Get1 + Get2, TestName = "Both set before they are read")]
    [TestCase(Set2 + Set1 + Get2, TestName = "A set that is never read")]
    [TestCase(Set2 + Get2 + Get1 + Set1, TestName = "Read before it is set")]
    [TestCase("local.get 0 if " + Set1 + "end " + Get1 + Set2 + Get2 + Set1 + Get1 + "local.get 0 if " + Set2 + "end " + Get2, TestName = "Set on one path each")]
    [TestCase(Set1 + "loop " + Get1 + Set2 + Get2 + Again + "end ", TestName = "Read in each iteration, set before the loop")]
    [TestCase(Set1 + "loop loop " + Get1 + Again + "end " + Set2 + Get2 + Again + "end ", TestName = "Read in an inner loop, set before the outer one")]
    [TestCase("loop " + Get1 + Set2 + Get2 + Again + Set1 + Again + "end ", TestName = "A branch back before a local is set for the next iteration")]
    [TestCase(Set1 + "block " + Get1 + Set2 + Get2 + Again + Set1 + "end " + Get1, TestName = "A branch past the set")]
    [TestCase("loop local.get 0 if " + Set1 + "end " + Get1 + Set2 + Get2 + Again + "end ", TestName = "Set in some iterations")]
    [TestCase("loop local.get 0 if " + Set1 + "else " + Get1 + "end " + Set2 + Get2 + Again + "end ", TestName = "Set in one arm, read in the other")]
    public void Two_locals_live_at_the_same_time(string code) => Assert.That(Meet(code), Is.True);

    [TestCase(Set1 + Get1 + "call 0 " + Set2 + Get2, false)]
    [TestCase(Set1 + "call 0 " + Get1, true)]
    [TestCase("call 0 " + Get1 + Set1, true)]
    [TestCase(Set1 + "i32.const 0 i32.const 0 i32.const 0 memory.fill " + Get1, true)]
    [TestCase(Set1 + "loop " + Get1 + "call 0 " + Again + "end ", true)]
    [TestCase("loop " + Set1 + Get1 + "call 0 " + Again + "end ", false)]
    public void A_local_lives_across_a_call(string code, bool expected)
    {
        LocalUses uses = Analyse(code);
        ulong[] calls = new ulong[uses.Ranges.Words];
        uses.Ranges.AddCallsTo(calls);
        Assert.That(calls.Zip(Points(uses, 1)).Any(static words => (words.First & words.Second) != 0), Is.EqualTo(expected));
    }

    [TestCase(1)]
    [TestCase(15)]
    [TestCase(16)]
    [TestCase(31)]
    [TestCase(32)]
    [TestCase(200)]
    public void A_range_covers_all_words_that_it_reaches_into(int between)
    {
        string code = Set1 + string.Concat(Enumerable.Repeat(Set2 + Get2, between)) + Get1;
        Assert.That(Meet(code), Is.True);
        LocalUses uses = Analyse(code);
        Assert.That(Points(uses, 1).Sum(static word => (int)ulong.PopCount(word)), Is.EqualTo((2 * between) + 2));
    }

    private static bool Meet(string code)
    {
        LocalUses uses = Analyse(code);
        return Points(uses, 1).Zip(Points(uses, 2)).Any(static words => (words.First & words.Second) != 0);
    }

    private static ulong[] Points(LocalUses uses, int local)
    {
        ulong[] points = new ulong[uses.Ranges.Words];
        uses.Ranges.AddTo(points, local, uses.Assignment.IsExposed(local));
        return points;
    }

    private static LocalUses Analyse(string code)
    {
        ModuleBuilder builder = new();
        builder.Memory(1);
        builder.Function("", "", "", "");
        builder.Function("i", "", "i3", code);
        WasmModule module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        LocalUses uses = new();
        uses.Count(module, module.BodyOf(1), 1, 4);
        return uses;
    }
}
