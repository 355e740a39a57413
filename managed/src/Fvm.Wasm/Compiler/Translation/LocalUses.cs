using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// The first walk over a function's instructions, before code generation: counts the uses of each local, weighted by loop depth, and the
/// argument slots that calls need; finds live ranges, and locals that are read before they are set.
/// </summary>
internal sealed class LocalUses
{
    /// <summary>Factor of a use's weight per enclosing loop, as a power of two, for at most <see cref="MaxLoops"/> loops.</summary>
    private const int LoopShift = 3;
    private const int MaxLoops = 3;

    private uint[] _weights = new uint[64];
    private int[] _lastSets = new int[64];
    private int[] _used = new int[64];
    private int _usedCount;

    /// <summary>Maximum number of arguments of a call; -1 if there is no call of any kind.</summary>
    public int MaxArguments { get; private set; }

    /// <summary>Weighted number of uses per local.</summary>
    public ReadOnlySpan<uint> Weights => _weights;

    /// <summary>The used locals, in the order of their first uses.</summary>
    public ReadOnlySpan<int> Used => _used.AsSpan(0, _usedCount);

    /// <summary>Definite assignment of the locals.</summary>
    public DefiniteAssignment Assignment { get; } = new();

    /// <summary>Live ranges of the used locals.</summary>
    public LiveRanges Ranges { get; } = new();

    /// <summary>Offset in the module of the last instruction that sets a used local; 0 if none does.</summary>
    public int LastSet(int local) => _lastSets[local];

    public void Count(WasmModule module, FunctionBody body, int parameters, int locals)
    {
        Assignment.Reset(Used, parameters, locals);
        foreach (int local in Used)
        {
            _weights[local] = 0;
            _lastSets[local] = 0;
        }

        _usedCount = 0;
        Ranges.Reset(locals);
        if (_weights.Length < locals)
        {
            int size = Math.Max(locals, 2 * _weights.Length);
            Array.Resize(ref _weights, size);
            Array.Resize(ref _lastSets, size);
        }

        MaxArguments = -1;
        uint weight = WeightIn(0);
        InstructionReader reader = new(module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            switch (reader.Opcode)
            {
                case Opcode.LocalGet:
                    Get((int)reader.Index, weight);
                    break;
                case Opcode.LocalSet:
                case Opcode.LocalTee:
                    Set((int)reader.Index, weight);
                    _lastSets[(int)reader.Index] = reader.Offset;
                    break;
                case Opcode.Loop:
                    Assignment.Open(Opcode.Loop);
                    Ranges.OpenLoop();
                    weight = WeightIn(Assignment.Loops);
                    break;
                case Opcode.Block:
                    Assignment.Open(Opcode.Block);
                    break;
                case Opcode.If:
                    Ranges.EndBasicBlock();
                    Assignment.Open(Opcode.If);
                    break;
                case Opcode.Else:
                    Assignment.Else();
                    Ranges.EndBasicBlock();
                    break;
                case Opcode.Br:
                case Opcode.BrIf:
                    Assignment.Branch(reader.Index);
                    Ranges.EndBasicBlock();
                    break;
                case Opcode.BrTable:
                    foreach (uint label in reader.Targets)
                    {
                        Assignment.Branch(label);
                    }

                    Ranges.EndBasicBlock();
                    break;
                case Opcode.End:
                    if (Assignment.End())
                    {
                        weight = WeightIn(Assignment.Loops);
                        Ranges.CloseLoop();
                    }
                    else
                    {
                        Ranges.EndBasicBlock();
                    }

                    break;
                case Opcode.Call:
                    Ranges.Call();
                    Arguments(module.TypeOf((int)reader.Index).Parameters.Length);
                    break;
                case Opcode.CallIndirect:
                    Ranges.Call();
                    Arguments(module.Types[(int)reader.Index].Parameters.Length);
                    break;
                default:
                    if (reader.Traits.Has(OpcodeFlags.NeedsRuntime))
                    {
                        Ranges.Call();
                        Arguments(Helper.MaxArguments);
                    }

                    break;
            }
        }
    }

    /// <summary>The weight of a use within this number of loops.</summary>
    private static uint WeightIn(int loops) => 1u << (LoopShift * Math.Min(loops, MaxLoops));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Get(int local, uint weight)
    {
        if (IsFirst(local, weight))
        {
            Ranges.First(local);
        }
        else
        {
            Ranges.Get(local);
        }

        if (Assignment.Get(local) is int loop and >= 0)
        {
            Ranges.Keep(local, loop);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Set(int local, uint weight)
    {
        if (IsFirst(local, weight))
        {
            Ranges.First(local);
        }
        else
        {
            Ranges.Set(local);
        }

        Assignment.Set(local);
    }

    /// <summary>Counts a use of a local; returns whether it is the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsFirst(int local, uint weight)
    {
        ref uint sum = ref _weights[local];
        if (sum != 0)
        {
            sum = sum > uint.MaxValue - weight ? uint.MaxValue : sum + weight;
            return false;
        }

        sum = weight;
        Growing.Append(ref _used, ref _usedCount, local);
        return true;
    }

    private void Arguments(int count) => MaxArguments = Math.Max(MaxArguments, count);
}
