using System.Globalization;

namespace Fvm.Slowest;

/// <summary>
/// Loops over branches, calls, locals and globals. The actor's entry point follows one import, so the function indices begin at 2.
/// </summary>
internal static class ControlLoops
{
    private const int Random = 2;
    private const int Sum = 3;
    private const int ManyLocals = 60;
    private const int ManyValues = 60;

    // A linear congruential generator, unpredictable for branch predictors; its high bits are the best ones.
    private const string Next =
        "local.get 2 i64.const 6364136223846793005 i64.mul i64.const 1442695040888963407 i64.add local.tee 2 i64.const 60 i64.shr_u i32.wrap_i64 ";

    public static IEnumerable<Loop> All =>
    [
        new Loop("the loop alone", "") { Locals = "I2" },
        New("br", "block br 0 end block br 0 end block block br 1 end end"),
        New("br_if, foreseen", $"block local.get {Sum} i64.eqz br_if 0 end block local.get {Sum} i64.eqz br_if 0 end"),
        New("br_if, not foreseen", $"block {Next} i32.const 1 i32.and br_if 0 {Add(1)} end"),
        New("if, not foreseen", $"{Next} i32.const 1 i32.and if {Add(3)} else {Add(5)} end"),
        New("if with a result, not foreseen", $"{Next} i32.const 1 i32.and if:I local.get {Sum} else local.get 1 end local.set {Sum}"),
        New("select, not foreseen", $"local.get {Sum} local.get 1 {Next} i32.const 1 i32.and select local.set {Sum}"),
        New("select of floats", $"local.get {Sum} f64.reinterpret_i64 local.get 1 f64.reinterpret_i64 {Next} i32.const 1 i32.and select i64.reinterpret_f64 local.set {Sum}"),
        New("br_table, foreseen", Switch($"local.get {Sum} i32.wrap_i64 i32.const 15 i32.and")),
        New("br_table, not foreseen", Switch(Next)),
        New("br_table of two", $"block block {Next} br_table 0 1 end {Add(1)} end"),
        New("br_table beyond its end", $"block block i32.const 77 br_table 0 1 end {Add(1)} end"),
        Calls("call of an empty function", "call 2 call 2 call 2 call 2", "", "", "", ""),
        Calls("call with 1 argument", $"local.get {Sum} call 2 local.set {Sum}", "I", "I", "", "local.get 0"),
        Calls(
            "call with 10 arguments",
            $"local.get {Sum} local.get {Sum} local.get 1 local.get {Sum} local.get 1 local.get {Sum} local.get 1 local.get {Sum} local.get 1 local.get {Sum} call 2 local.set {Sum}",
            "IIIIIIIIII", "I", "", "local.get 0 local.get 9 i64.add"),
        Calls("call of a function with 60 locals", "call 2", "", "", $"I{ManyLocals}", ""),
        Calls("call of a function with 2,000 locals", "call 2", "", "", "I2000", ""),
        Calls("call of a function with 60 locals that one path sets", "i32.const 0 call 2", "i", "", $"I{ManyLocals}", SetOnOnePath(ManyLocals)),
        Calls("call, 100 deep", "i32.const 100 call 2", "i", "", "", "local.get 0 if local.get 0 i32.const 1 i32.sub call 2 end"),
        Calls("call, 400 deep", "i32.const 400 call 2", "i", "", "", "local.get 0 if local.get 0 i32.const 1 i32.sub call 2 end"),
        Calls("return", "call 2 call 2", "", "", "", "block block return end end"),
        Indirect("call_indirect, foreseen", "i32.const 3"),
        Indirect("call_indirect, not foreseen", $"{Next}"),
        New("local.get, local.set of 60", Rotate(ManyLocals)) with { Locals = $"I{ManyLocals + 2}" },
        New("60 values on the operand stack", OnOperandStack(ManyValues)),
        New("global.get, global.set", "global.get 0 local.get 1 i64.add global.set 0 global.get 1 i64.const 1 i64.add global.set 1") with
        {
            More = module =>
            {
                module.Global('I', mutable: true, 1);
                module.Global('I', mutable: true, 2);
            },
        },
        New("drop", "local.get 1 drop local.get 1 drop local.get 1 drop local.get 1 drop"),
        New("nop", "nop nop nop nop nop nop nop nop"),
        New("local.tee", $"local.get 1 local.tee {Sum} local.tee {Random} local.tee {Sum} drop"),

        // The xor in between prevents the reference's compiler from reassociating the chain into a tree and computing parts ahead.
        New("a chain of additions", string.Concat(Enumerable.Repeat($"local.get {Sum} local.get 1 i64.add local.get 1 i64.xor local.set {Sum} ", 16))),
        New("a chain of multiplications", string.Concat(Enumerable.Repeat($"local.get {Sum} local.get 1 i64.mul local.get 1 i64.xor local.set {Sum} ", 16))),
        New("nested loops", $"i64.const 8 local.set {Random} loop {Add(3)} local.get {Random} i64.const 1 i64.sub local.tee {Random} i64.eqz i32.eqz br_if 0 end"),
        New("blocks, 50 deep", string.Concat(Enumerable.Repeat("block ", 50)) + $"local.get {Sum} i64.eqz br_if 49 " + string.Concat(Enumerable.Repeat("end ", 50))),
    ];

    private static string Add(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"local.get {Sum} i64.const {number} i64.add local.set {Sum}");

    private static string Switch(string index)
    {
        const int Cases = 16;
        string code = string.Concat(Enumerable.Repeat("block ", Cases + 1)) + index + " br_table " + string.Join(' ', Enumerable.Range(0, Cases + 1));
        for (int i = 0; i <= Cases; i++)
        {
            code += string.Create(CultureInfo.InvariantCulture, $" end {Add(i)} br {Math.Max(Cases - i, 0)} ");
        }

        return $"block {code} end";
    }

    // Values of memory, of different places, and joined by sums and xors by turns: the reference's compiler computes equal values once, a value
    // without effects only where it is used, and a chain of sums alone as a tree, so that no value would wait on the stack.
    private static string OnOperandStack(int count)
    {
        IEnumerable<int> values = Enumerable.Range(0, count);
        string loads = string.Concat(values.Select(value => string.Create(CultureInfo.InvariantCulture, $"i32.const {LoopActor.Data} i64.load {8 * value} ")));
        string joins = string.Concat(values.Skip(1).Select(value => value % 2 == 0 ? "i64.add " : "i64.xor "));
        return $"{loads} {joins} local.get {Sum} i64.add local.set {Sum}";
    }

    // Each value is used 8 or 9 times in a round. By additions alone they would be sums with a multiple of one operand, which the reference's
    // compiler reassociates: it computes the multiples once.
    private static string Rotate(int count)
    {
        string code = "";
        for (int i = 0; i < count; i++)
        {
            string operation = i % 2 == 0 ? "i64.add" : "i64.xor";
            code += string.Create(CultureInfo.InvariantCulture, $"local.get {Sum + i} local.get 1 {operation} local.set {Sum + ((i + 7) % count)} ");
        }

        return code;
    }

    // The other path, which is taken, leaves the locals zero; the reads are on the path that sets them.
    private static string SetOnOnePath(int count)
    {
        IEnumerable<int> locals = Enumerable.Range(1, count);
        string sets = string.Concat(locals.Select(local => string.Create(CultureInfo.InvariantCulture, $"i64.const {local} local.set {local} ")));
        string sum = "i64.const 0 " + string.Concat(locals.Select(local => string.Create(CultureInfo.InvariantCulture, $"local.get {local} i64.add ")));
        return $"local.get 0 if {sets} end local.get 0 if i32.const {LoopActor.Result} {sum} i64.store end";
    }

    private static Loop New(string name, string code) => new(name, code)
    {
        Locals = "I2",
        After = string.Create(CultureInfo.InvariantCulture, $"i32.const {LoopActor.Result} local.get {Sum} i64.store"),
    };

    private static Loop Calls(string name, string code, string parameters, string results, string locals, string callee) => New(name, code) with
    {
        More = module => module.Function(parameters, results, locals, callee),
    };

    // 16 functions of one type, after the entry point.
    private static Loop Indirect(string name, string index) => New(name, $"local.get {Sum} {index} call_indirect 1 local.set {Sum}") with
    {
        More = module =>
        {
            int first = module.NextFunction;
            for (int i = 0; i < 16; i++)
            {
                module.Function("I", "I", "", string.Create(CultureInfo.InvariantCulture, $"local.get 0 i64.const {i} i64.add"));
            }

            module.Table(16).Elements(0, [.. Enumerable.Range(first, 16)]);
        },
    };
}
