namespace Fvm.Wasm;

/// <summary>
/// Looks over a function before code is made for it: how often each local is used, loops counting more, how much room calls need for
/// arguments, and which locals are read before they are set. One walk over the instructions.
/// </summary>
internal sealed class LocalUses
{
    /// <summary>A loop counts for this power of two, at most <see cref="MaxLoops"/> times.</summary>
    private const int LoopShift = 3;
    private const int MaxLoops = 3;

    private uint[] _weights = new uint[64];
    private int[] _used = new int[64];
    private int _usedCount;

    /// <summary>For each open block whether it is a loop.</summary>
    private bool[] _isLoop = new bool[64];

    /// <summary>Most arguments of a call; -1 where there is no call of any kind.</summary>
    public int MaxArguments { get; private set; }

    /// <summary>A number for each local that grows with its uses.</summary>
    public ReadOnlySpan<uint> Weights => _weights;

    /// <summary>The locals that are used, in the order of their first uses.</summary>
    public ReadOnlySpan<int> Used => _used.AsSpan(0, _usedCount);

    /// <summary>Which locals may be read before they are set.</summary>
    public DefiniteAssignment Assignment { get; } = new();

    /// <summary>How far bounds checks reach.</summary>
    public RegionLoads Loads { get; } = new();

    public void Count(WasmModule module, FunctionBody body, int parameters, int locals)
    {
        Assignment.Reset(Used, parameters, locals);
        Loads.Reset(Used, locals);
        foreach (int local in Used)
        {
            _weights[local] = 0;
        }

        _usedCount = 0;
        if (_weights.Length < locals)
        {
            Array.Resize(ref _weights, Math.Max(locals, 2 * _weights.Length));
        }

        MaxArguments = -1;
        int depth = 0;
        int loops = 0;
        InstructionReader reader = new(module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            Loads.Note(in reader);
            switch (reader.Opcode)
            {
                case Opcode.LocalGet:
                    Assignment.Get((int)reader.Index);
                    Use((int)reader.Index, 1u << (LoopShift * Math.Min(loops, MaxLoops)));
                    break;
                case Opcode.LocalSet:
                case Opcode.LocalTee:
                    Assignment.Set((int)reader.Index);
                    Use((int)reader.Index, 1u << (LoopShift * Math.Min(loops, MaxLoops)));
                    break;
                case Opcode.Loop:
                    Assignment.Open(Opcode.Loop);
                    Push(ref depth, isLoop: true);
                    loops++;
                    break;
                case Opcode.Block:
                case Opcode.If:
                    Assignment.Open(reader.Opcode);
                    Push(ref depth, isLoop: false);
                    break;
                case Opcode.Else:
                    Assignment.Else();
                    break;
                case Opcode.Br:
                case Opcode.BrIf:
                    Assignment.Branch(reader.Index);
                    break;
                case Opcode.BrTable:
                    foreach (uint label in reader.Targets)
                    {
                        Assignment.Branch(label);
                    }

                    break;
                case Opcode.End:
                    Assignment.End();
                    depth--;
                    if (depth >= 0 && _isLoop[depth])
                    {
                        loops--;
                    }

                    break;
                case Opcode.Call:
                    Arguments(module.TypeOf((int)reader.Index).Parameters.Length);
                    break;
                case Opcode.CallIndirect:
                    Arguments(module.Types[(int)reader.Index].Parameters.Length);
                    break;
                default:
                    if (reader.Traits.Has(OpcodeFlags.NeedsRuntime))
                    {
                        Arguments(Helper.MaxArguments);
                    }

                    break;
            }
        }
    }

    private void Use(int local, uint weight)
    {
        ref uint sum = ref _weights[local];
        if (sum == 0)
        {
            if (_usedCount == _used.Length)
            {
                Array.Resize(ref _used, 2 * _usedCount);
            }

            _used[_usedCount++] = local;
        }

        sum = sum > uint.MaxValue - weight ? uint.MaxValue : sum + weight;
    }

    private void Arguments(int count) => MaxArguments = Math.Max(MaxArguments, count);

    private void Push(ref int depth, bool isLoop)
    {
        if (depth == _isLoop.Length)
        {
            Array.Resize(ref _isLoop, depth * 2);
        }

        _isLoop[depth++] = isLoop;
    }
}
