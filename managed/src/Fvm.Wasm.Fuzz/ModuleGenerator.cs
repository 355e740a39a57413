namespace Fvm.Wasm.Fuzz;

/// <summary>
/// Generates a random valid module from a seed: functions, imports, memory, table, globals, segments, sometimes a start function, or a ring
/// of functions with deep mutual recursion, directly or through the table.
/// </summary>
internal sealed class ModuleGenerator
{
    private const string Kinds = "iIfF";
    private const int MaxRing = 5;

    private readonly Randomness _random;
    private readonly ModuleBuilder _builder = new();

    public ModuleGenerator(ulong seed) => _random = new Randomness(seed);

    /// <summary>Host functions available for import, by name.</summary>
    public static IReadOnlyList<(string Name, string Parameters, string Results)> HostFunctions { get; } =
    [
        ("nothing", "", ""),
        ("count", "", "i"),
        ("mix", "iI", "I"),
        ("narrow", "I", "i"),
        ("many", "iIfFiIfFiI", "F"),
        ("single", "f", "f"),
    ];

    /// <summary>The module name of <see cref="HostFunctions"/>.</summary>
    public const string HostModule = "host";

    /// <summary>Signatures of all functions of the module, imported ones first.</summary>
    internal List<(string Parameters, string Results)> Functions { get; } = [];

    /// <summary>Types and mutability of the globals.</summary>
    internal List<(char Type, bool Mutable)> Globals { get; } = [];

    internal int DataCount { get; private set; }

    internal int ElementCount { get; private set; }

    internal Randomness Random => _random;

    internal ModuleBuilder Builder => _builder;

    public byte[] Generate()
    {
        Imports();
        int first = Functions.Count;
        int count = 1 + _random.Below(6);
        for (int i = 0; i < count; i++)
        {
            string result = _random.OneIn(4) ? "" : Kind().ToString();
            Functions.Add((Signature(_random.OneIn(8) ? 12 : 4), result));
        }

        bool start = _random.OneIn(6);
        if (start)
        {
            Functions.Add(("", ""));
        }

        int ring = _random.OneIn(3) ? Ring() : Functions.Count;
        _builder.Memory(1, (uint)(1 + _random.Below(4)));
        _builder.Table((uint)(ring < Functions.Count ? MaxRing + 3 + _random.Below(4) : 4 + _random.Below(8)), 16);
        for (int i = 1 + _random.Below(5); i > 0; i--)
        {
            char kind = Kind();
            Globals.Add((kind, !_random.OneIn(4)));
            _builder.Global(kind, Globals[^1].Mutable, Constant(kind));
        }

        if (_random.OneIn(3))
        {
            // A reference made by an initialiser bypasses the thunk of table references.
            Globals.Add(('r', false));
            _builder.Global('r', false, (ulong)_random.Below(Functions.Count));
        }

        Segments();
        int ringElement = _random.Below(4);
        if (ring < Functions.Count)
        {
            // After the other segments, which would overwrite it.
            _builder.Elements(ringElement, [.. Enumerable.Range(ring, Functions.Count - ring)]);
            ElementCount++;
        }

        int budget = _random.Pick<int>([10, 30, 60, 150, 400]);
        for (int i = first; i < Functions.Count; i++)
        {
            string locals = Locals(out string all);
            CodeGenerator code = new(this, Functions[i], Functions[i].Parameters + all, budget);
            int next = i + 1 < Functions.Count ? i + 1 : ring;
            byte[] body = i < ring ? code.Generate() : code.GenerateRing(next, ringElement + next - ring);
            _builder.Function(Functions[i].Parameters, Functions[i].Results, locals, body);
            _builder.Export($"f{i}", i);
        }

        if (start)
        {
            _builder.Start(ring - 1);
        }

        return _builder.ToBytes();
    }

    internal ulong Constant(char kind) => kind switch
    {
        'i' => (uint)_random.Interesting(),
        'I' => _random.Interesting(),
        _ => _random.InterestingFloat(kind == 'F'),
    };

    internal char Kind() => _random.OneIn(5) ? Kinds[_random.Below(4)] : Kinds[_random.Below(2)];

    /// <summary>Adds functions of one type, each of which calls the next, the last the first; the first parameter is the depth.</summary>
    /// <returns>The index of the first function.</returns>
    private int Ring()
    {
        int first = Functions.Count;
        string parameters = "i" + Signature(_random.OneIn(4) ? 11 : 3);
        string results = _random.OneIn(4) ? "" : Kind().ToString();
        for (int i = 1 + _random.Below(MaxRing); i > 0; i--)
        {
            Functions.Add((parameters, results));
        }

        return first;
    }

    private string Signature(int most)
    {
        char[] kinds = new char[_random.Below(most + 1)];
        for (int i = 0; i < kinds.Length; i++)
        {
            kinds[i] = Kind();
        }

        return new string(kinds);
    }

    private string Locals(out string all)
    {
        string groups = "";
        all = "";
        for (int i = _random.Below(5); i > 0; i--)
        {
            char kind = Kind();
            int count = _random.OneIn(6) ? 30 : _random.Below(5);
            groups += $"{kind}{count}";
            all += new string(kind, count);
        }

        return groups;
    }

    private void Imports()
    {
        foreach ((string name, string parameters, string results) in HostFunctions)
        {
            if (_random.OneIn(2))
            {
                _builder.Import(HostModule, name, parameters, results);
                Functions.Add((parameters, results));
            }
        }
    }

    private void Segments()
    {
        for (int i = _random.Below(4); i > 0; i--)
        {
            int[] functions = new int[_random.Below(5)];
            for (int f = 0; f < functions.Length; f++)
            {
                functions[f] = _random.Below(Functions.Count);
            }

            _builder.Elements(_random.OneIn(3) ? null : _random.Below(_random.OneIn(20) ? 20 : 4), functions);
            ElementCount++;
        }

        if (_random.OneIn(2))
        {
            // Non-zero data at the most frequent addresses: loads of zeros reveal little.
            byte[] bytes = new byte[1024];
            for (int b = 0; b < bytes.Length; b++)
            {
                bytes[b] = (byte)_random.Next();
            }

            _builder.Data(0, bytes);
            DataCount++;
        }

        for (int i = _random.Below(4); i > 0; i--)
        {
            byte[] bytes = new byte[_random.Below(40)];
            for (int b = 0; b < bytes.Length; b++)
            {
                bytes[b] = (byte)_random.Next();
            }

            int? offset = _random.OneIn(3) ? null : _random.OneIn(30) ? 65_530 : _random.Below(1000);
            _builder.Data(offset, bytes);
            DataCount++;
        }
    }
}
