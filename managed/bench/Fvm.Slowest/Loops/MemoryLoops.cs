using System.Globalization;
using Fvm.Wasm;

namespace Fvm.Slowest;

/// <summary>Loops over loads and stores, by access pattern, and over the instructions that copy, fill and grow.</summary>
internal static class MemoryLoops
{
    private const int Base = 2;
    private const int Zero = 3;
    private const int Sum = 4;
    private const int Accesses = 8;
    private const int Line = 64;
    private const int Page = 4096;

    // 64 MiB: more than the caches hold.
    private const uint ManyPages = 1024;

    private static readonly int[] Sizes = [0, 1, 7, 16, 100, 500, 512, 2_000, 65_536, 1 << 20];

    public static IEnumerable<Loop> All =>
    [
        .. Opcodes.All.Where(info => info.Immediates == ImmediateKind.Memory).SelectMany(Accessing),
        .. Walks(),
        .. Forwarding(),
        .. Sizes.SelectMany(Bulk),
        new Loop("memory.size", "memory.size drop memory.size drop"),
        new Loop("memory.grow by 0", "i32.const 0 memory.grow drop"),
        new Loop("memory.grow by 1", "i32.const 1 memory.grow drop") { MaxRounds = 8_000 },
        new Loop("memory.grow beyond the limit", "i32.const 100000 memory.grow drop"),
        new Loop("data.drop", "data.drop 0") { Content = [1] },
        Table("table.get, table.set", "i32.const 1 i32.const 2 table.get 0 table.set 0"),
        Table("table.size", "table.size 0 drop table.size 0 drop"),
        Table("table.copy of 0", "i32.const 0 i32.const 1 i32.const 0 table.copy 0 0"),
        Table("table.copy of 100", "i32.const 0 i32.const 1 i32.const 100 table.copy 0 0"),
        Table("table.fill of 100", "i32.const 0 i32.const 2 table.get 0 i32.const 100 table.fill 0"),
        Table("table.init of 0", "i32.const 0 i32.const 0 i32.const 0 table.init 1"),
        Table("table.init of 3", "i32.const 0 i32.const 0 i32.const 3 table.init 1"),
        Table("table.grow by 0", "i32.const 2 table.get 0 i32.const 0 table.grow 0 drop"),
        Table("table.grow by 1", "i32.const 2 table.get 0 i32.const 1 table.grow 0 drop"),
        Table("elem.drop", "elem.drop 1"),
    ];

    private static string Start => string.Create(
        CultureInfo.InvariantCulture, $"i32.const {LoopActor.Data} i32.load local.set {Base} i32.const {LoopActor.Data + 4} i32.load local.set {Zero} ");

    private static string End => string.Create(CultureInfo.InvariantCulture, $"i32.const {LoopActor.Result} local.get {Sum} i64.store");

    // Each access of a round goes to a cache line, or page, of its own.
    private static IEnumerable<Loop> Accessing(OpcodeInfo info)
    {
        int size = SizeOf(info);
        yield return Access(info, "", 0, Line);
        if (size > 1)
        {
            yield return Access(info, " across lines", Line - (size / 2), Line);
            yield return Access(info, " across pages", Page - (size / 2), Page);
        }
    }

    private static int SizeOf(OpcodeInfo info)
    {
        string digits = new([.. info.Name[(info.Name.LastIndexOf(info.Name.Contains("load", StringComparison.Ordinal) ? "load" : "store", StringComparison.Ordinal) + 4)..].Where(char.IsAsciiDigit)]);
        return digits.Length > 0
            ? int.Parse(digits, CultureInfo.InvariantCulture) / 8
            : info.Name[1] == '6' ? 8 : 4;
    }

    private static Loop Access(OpcodeInfo info, string where, int offset, int stride)
    {
        string round = $"local.get {Base} local.get {Zero} i32.add local.set {Base} ";
        for (int i = 0; i < Accesses; i++)
        {
            int at = offset + (i * stride);

            // Sums and xors by turns: the reference's compiler reassociates a chain of either alone into a tree.
            string join = i % 2 == 0 ? "i64.add" : "i64.xor";
            round += info.Pushes.Length == 0
                ? string.Create(CultureInfo.InvariantCulture, $"local.get {Base} {Value(info.Pops[1])} {info.Name} {at} ")
                : string.Create(CultureInfo.InvariantCulture, $"local.get {Base} {info.Name} {at} {ToI64(info.Pushes[0])} local.get {Sum} {join} local.set {Sum} ");
        }

        return new Loop(info.Name + where, round)
        {
            Locals = "i2I",
            Setup = Start,
            After = End,
            Content = [0, 0, 1, 0, 0, 0, 0, 0],
            Pages = 4,
        };
    }

    // Walks through much memory, after writing to it: by cache lines and by pages, sequentially and in unpredictable order.
    private static IEnumerable<Loop> Walks()
    {
        uint bytes = ManyPages << 16;
        foreach ((string name, string step) in ((string, string)[])
        [
            ("by lines", "i32.const 64 i32.add"),
            ("by pages", "i32.const 4160 i32.add"),
            ("at random", "i32.const 1664525 i32.mul i32.const 1013904223 i32.add"),
        ])
        {
            string next = string.Create(CultureInfo.InvariantCulture, $"local.get {Base} {step} local.tee {Base} i32.const {bytes - 8} i32.and ");
            string touch = string.Create(
                CultureInfo.InvariantCulture, $"loop local.get {Base} i64.const 1 i64.store local.get {Base} i32.const 4096 i32.add local.tee {Base} i32.const {bytes} i32.lt_u br_if 0 end ");
            yield return new Loop($"i64.load {name} in 64 MiB", $"{next} i64.load local.get {Sum} i64.add local.set {Sum}")
            {
                Locals = "i2I",
                Setup = touch,
                After = End,
                Pages = ManyPages,
            };
            yield return new Loop($"i64.store {name} in 64 MiB", $"{next} local.get 1 i64.store")
            {
                Locals = "i2I",
                Setup = touch,
                After = End,
                Pages = ManyPages,
            };
        }

        // A dependency chain: each load yields the address of the next.
        yield return new Loop("i32.load of the next address", $"local.get {Base} i32.load local.tee {Base} i32.load local.tee {Base} i32.load local.set {Base}")
        {
            Locals = "i2I",
            Setup = Start,
            After = End,
            Content = [0, 16, 0, 0, 0, 0, 0, 0],
        };
    }

    // Store forwarding: a load right after a store to the same bytes, all or some of them.
    private static IEnumerable<Loop> Forwarding()
    {
        foreach ((string name, string store, string load) in ((string, string, string)[])
        [
            ("i64.load after i64.store", "i64.store 512", "i64.load 512"),
            ("i64.load after i64.store, 4 bytes apart", "i64.store 512", "i64.load 516"),
            ("i64.load after i64.store8", "i64.store8 515", "i64.load 512"),
            ("i64.load after i64.store, 4 KiB apart", "i64.store 512", "i64.load 4608"),
        ])
        {
            string round = $"local.get {Base} local.get {Sum} {store} local.get {Base} {load} local.get 1 i64.add local.set {Sum} ";
            yield return new Loop(name, round + round)
            {
                Locals = "i2I",
                Setup = Start,
                After = End,
                Content = [0, 0, 0, 0, 0, 0, 0, 0],
                Pages = 4,
            };
        }
    }

    private static IEnumerable<Loop> Bulk(int size)
    {
        const int Near = 8 << 16;
        (string Name, string Code)[] all =
        [
            ($"memory.copy of {size}", $"i32.const {Near} i32.const 65536 i32.const {size} memory.copy 0 0"),
            ($"memory.copy of {size}, unaligned", $"i32.const {Near + 3} i32.const 65549 i32.const {size} memory.copy 0 0"),
            ($"memory.copy of {size} to 1 before", $"i32.const {Near} i32.const {Near + 1} i32.const {size} memory.copy 0 0"),
            ($"memory.copy of {size} to 1 behind", $"i32.const {Near + 1} i32.const {Near} i32.const {size} memory.copy 0 0"),
            ($"memory.fill of {size}", $"i32.const {Near} i32.const 7 i32.const {size} memory.fill"),
            ($"memory.fill of {size}, unaligned", $"i32.const {Near + 3} i32.const 7 i32.const {size} memory.fill"),
            ($"memory.init of {size}", $"i32.const {Near} i32.const 0 i32.const {size} memory.init 0"),
        ];
        foreach ((string name, string code) in all)
        {
            bool inits = name.Contains("init", StringComparison.Ordinal);
            if (size <= 4_096 || !inits)
            {
                yield return new Loop(name, code) { Pages = 40, More = inits ? module => module.Data(null, new byte[Math.Max(size, 1)]) : null };
            }
        }
    }

    private static Loop Table(string name, string code) => new(name, code)
    {
        More = module => module.Table(200, 100_000).Elements(2, 0, 0, 0).Elements(null, 0, 0, 0),
        MaxRounds = name.Contains("by 1", StringComparison.Ordinal) ? 90_000 : ulong.MaxValue,
    };

    private static string Value(char type) => type switch
    {
        'i' => "i32.const 77",
        'I' => "i64.const 77",
        'f' => "f32.const 77",
        _ => "f64.const 77",
    };

    private static string ToI64(char type) => type switch
    {
        'i' => "i64.extend_i32_u",
        'I' => "",
        'f' => "i32.reinterpret_f32 i64.extend_i32_u",
        _ => "i64.reinterpret_f64",
    };
}
