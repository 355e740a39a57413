using Fvm.Wasm.Fuzz;

namespace Fvm.Wasm.Tests;

/// <summary>Generates valid modules crafted for maximal compile time or memory, of many kinds, from seeds.</summary>
internal sealed class HostileCode
{
    private const int Locals = 49_990;

    /// <summary>Limit on the targets of a <c>br_table</c>.</summary>
    private const int MaxTargets = 65_520;
    private const int Type = 0x40;

    /// <summary>Operators by operand and result types: single-byte instructions produce the most code per byte.</summary>
    private static readonly OpcodeInfo[] Unary =
        [.. Opcodes.All.Where(row => row.Immediates == ImmediateKind.None && row.Pops.Length == 1 && row.Pushes.Length == 1 && !row.Pops.Contains('r'))];

    private static readonly OpcodeInfo[] Binary =
        [.. Opcodes.All.Where(row => row.Immediates == ImmediateKind.None && row.Pops.Length == 2 && row.Pushes.Length == 1)];

    private static readonly Dictionary<char, OpcodeInfo[]> UnaryOf = "iIfF".ToDictionary(kind => kind, kind => Array.FindAll(Unary, row => row.Pops[0] == kind));

    private static readonly OpcodeInfo[] Comparisons = Array.FindAll(Binary, row => row.Pushes == "i");

    private readonly Randomness _random;
    private readonly WasmWriter _code = new();
    private readonly int _size;

    private HostileCode(ulong seed, int size)
    {
        _random = new Randomness(seed);
        _size = size;
    }

    /// <summary>The kinds of modules, by name.</summary>
    public static IReadOnlyList<(string Name, Action<HostileCode> Write)> Kinds { get; } =
    [
        ("nested blocks", static code => code.Nesting([Opcode.Block])),
        ("nested loops", static code => code.Nesting([Opcode.Loop])),
        ("nested conditions", static code => code.Nesting([Opcode.If])),
        ("nesting of all kinds", static code => code.Nesting([Opcode.Block, Opcode.Loop, Opcode.If])),
        ("conditions one after another", static code => code.Conditions()),
        ("jump tables", static code => code.JumpTables()),
        ("branches that carry values over deep stacks", static code => code.Branches()),
        ("50,000 locals by turns", static code => code.ManyLocals()),
        ("locals read before they are set", static code => code.PendingLocals()),
        ("constants", static code => code.Constants()),
        ("deep stacks of operators", static code => code.DeepOperators()),
        ("chains of operators", static code => code.Chains()),
        ("one operator", static code => code.OneOperator()),
        ("calls", static code => code.Calls()),
        ("memory far away", static code => code.Memory()),
        ("what the runtime does", static code => code.Runtime()),
        ("loops that read and write", static code => code.Loops()),
        ("selection", static code => code.Selection()),
    ];

    /// <summary>Generates a module.</summary>
    /// <param name="seed">The seed; consecutive seeds cycle through all kinds.</param>
    /// <param name="size">Approximate code size in bytes.</param>
    public static byte[] Make(ulong seed, int size)
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(1).Table(8, 100);
        builder.Import(ModuleGenerator.HostModule, "mix", "iI", "I");
        builder.Global('i', true, 1);
        builder.Global('F', true, 2);
        builder.Elements(0, 0, 1);
        builder.Data(null, 1, 2, 3);
        builder.Function("iIfF", "", "", "");
        Randomness random = new(seed ^ 0x5eed);
        int functions = random.Below(6) switch { 0 => 1 + (size / 40), 1 => 1 + random.Below(20), _ => 1 };
        for (int i = 0; i < functions; i++)
        {
            HostileCode code = new((seed * 1_000_003) + (ulong)i, size / functions);
            Kinds[(int)(seed % (ulong)Kinds.Count)].Write(code);
            builder.Function("iIfF", "", $"i{Locals / 2}F{Locals / 2}", code._code.Byte((int)Opcode.End).Written.ToArray());
        }

        return builder.ToBytes();
    }

    private bool IsFull => _code.Length >= _size;

    private WasmWriter Op(Opcode opcode) => (int)opcode > 0xff
        ? _code.Byte((int)opcode >> 8).U32((uint)opcode & 0xff)
        : _code.Byte((int)opcode);

    /// <summary>Pushes a value of a type, by a short instruction.</summary>
    private void Push(char kind)
    {
        switch (_random.Below(3))
        {
            case 0:
                Op(Opcode.LocalGet).Count("iIfF".IndexOf(kind));
                break;
            case 1 when kind is 'i' or 'F':
                Op(Opcode.LocalGet).Count(4 + (kind == 'i' ? 0 : Locals / 2) + _random.Below(Locals / 2));
                break;
            default:
                Constant(kind);
                break;
        }
    }

    private void Constant(char kind)
    {
        ulong bits = kind is 'i' or 'I' ? _random.Interesting() : _random.InterestingFloat(kind == 'F');
        _ = kind switch
        {
            'i' => Op(Opcode.I32Const).Signed((int)bits),
            'I' => Op(Opcode.I64Const).Signed((long)bits),
            'f' => Op(Opcode.F32Const).Fixed(bits, 4),
            _ => Op(Opcode.F64Const).Fixed(bits, 8),
        };
    }

    private char Kind() => "iIfF"[_random.Below(4)];

    private void Drop() => Op(Opcode.Drop);

    private void Nesting(Opcode[] kinds)
    {
        int depth = 0;
        bool keeps = _random.OneIn(2);
        for (; _code.Length < _size * 2 / 3; depth++)
        {
            Opcode kind = kinds[_random.Below(kinds.Length)];
            if (keeps && _random.OneIn(4))
            {
                Push(Kind());
                Drop();
            }

            if (kind == Opcode.If)
            {
                Op(Opcode.LocalGet).Count(0);
            }

            Op(kind).Byte(Type);
        }

        for (; depth > 0; depth--)
        {
            if (keeps && _random.OneIn(8))
            {
                Op(Opcode.LocalGet).Count(0);
                Op(Opcode.BrIf).Count(_random.Below(depth));
            }

            Op(Opcode.End);
        }
    }

    private void Conditions()
    {
        while (!IsFull)
        {
            Op(Opcode.LocalGet).Count(0);
            Op(Opcode.If).Byte(Type);
            if (_random.OneIn(2))
            {
                Op(Opcode.Else);
            }

            Op(Opcode.End);
        }
    }

    private void JumpTables()
    {
        int depth = 1 + _random.Below(200);
        for (int i = 0; i < depth; i++)
        {
            Op(Opcode.Block).Byte(Type);
        }

        while (!IsFull)
        {
            int targets = Math.Min(_random.Below(3) switch { 0 => _random.Below(8), 1 => _random.Below(500), _ => MaxTargets }, Math.Max(1, (_size - _code.Length) / 2));
            Op(Opcode.Block).Byte(Type);
            Push('i');
            Op(Opcode.BrTable).Count(targets);
            for (int i = 0; i <= targets; i++)
            {
                _code.Count(_random.Below(depth));
            }

            Op(Opcode.End);
        }

        for (int i = 0; i < depth; i++)
        {
            Op(Opcode.End);
        }
    }

    private void Branches()
    {
        int values = _random.Below(_size / 8) + 1;
        for (int i = 0; i < values; i++)
        {
            Push('I');
        }

        Op(Opcode.Block).Byte((int)ValueKind.I64);
        Push('I');
        while (!IsFull)
        {
            Push('i');
            Op(Opcode.BrIf).Count(0);
            if (_random.OneIn(4))
            {
                Drop();
                Push('I');
            }
        }

        Op(Opcode.End);
        for (int i = 0; i <= values; i++)
        {
            Drop();
        }
    }

    private void ManyLocals()
    {
        int local = _random.Below(Locals / 2);
        while (!IsFull)
        {
            Op(Opcode.LocalGet).Count(4 + local);
            local = (local + 7919) % (Locals / 2);
            if (_random.OneIn(3))
            {
                Op(Opcode.LocalTee).Count(4 + local);
                local = (local + 6007) % (Locals / 2);
            }

            Op(Opcode.LocalSet).Count(4 + local);
        }
    }

    private void PendingLocals()
    {
        int count = Math.Max(1, Math.Min(_size / 10, Locals / 2));
        bool same = _random.OneIn(2);
        for (int i = 0; i < count; i++)
        {
            Op(Opcode.LocalGet).Count(same ? 0 : 4 + i);
        }

        for (int i = 0; i < count; i++)
        {
            Op(Opcode.I32Const).Signed(i);
            Op(Opcode.LocalSet).Count(same ? 0 : 4 + i);
        }

        for (int i = 0; i < count; i++)
        {
            Drop();
        }
    }

    private void Constants()
    {
        char kind = Kind();
        int count = 0;
        for (; _code.Length < _size * 3 / 4; count++)
        {
            Constant(kind);
        }

        OpcodeInfo[] operators = Array.FindAll(Binary, row => row.Pops == new string(kind, 2) && row.Pushes[0] == kind);
        for (; count > 1; count--)
        {
            Op(operators[_random.Below(operators.Length)].Opcode);
        }

        Drop();
    }

    private void DeepOperators()
    {
        char kind = Kind();
        int count = 0;
        for (; _code.Length < _size * 2 / 3; count++)
        {
            Push(kind);
        }

        OpcodeInfo[] operators = Array.FindAll(Binary, row => row.Pops == new string(kind, 2) && row.Pushes[0] == kind);
        OpcodeInfo only = operators[_random.Below(operators.Length)];
        bool one = _random.OneIn(2);
        for (; count > 1; count--)
        {
            Op(one ? only.Opcode : operators[_random.Below(operators.Length)].Opcode);
        }

        Drop();
    }

    private void Chains()
    {
        int waiting = _random.Below(40);
        for (int i = 0; i < waiting; i++)
        {
            Op(Opcode.LocalGet).Count(1);
            Op(Opcode.I64Clz);
        }

        char kind = Kind();
        Push(kind);
        while (!IsFull)
        {
            OpcodeInfo[] next = UnaryOf[kind];
            OpcodeInfo row = next[_random.Below(next.Length)];
            Op(row.Opcode);
            kind = row.Pushes[0];
        }

        for (int i = 0; i <= waiting; i++)
        {
            Drop();
        }
    }

    /// <summary>The same operator repeated, alternating between two types if necessary.</summary>
    private void OneOperator()
    {
        OpcodeInfo row = Unary[_random.Below(Unary.Length)];
        OpcodeInfo[] back = Array.FindAll(Unary, other => other.Pops == row.Pushes && other.Pushes == row.Pops);
        if (back.Length == 0)
        {
            Chains();
            return;
        }

        OpcodeInfo reverse = back[_random.Below(back.Length)];
        Push(row.Pops[0]);
        while (!IsFull)
        {
            Op(row.Opcode);
            if (row.Pops != row.Pushes)
            {
                Op(reverse.Opcode);
            }
        }

        Drop();
    }

    private void Calls()
    {
        int waiting = _random.OneIn(2) ? 0 : _random.Below(_size / 10);
        for (int i = 0; i < waiting; i++)
        {
            Push(Kind());
        }

        while (!IsFull)
        {
            Push('i');
            Push('I');
            Push('f');
            Push('F');
            if (_random.OneIn(3))
            {
                Push('i');
                Op(Opcode.CallIndirect).Count(1).Byte(0);
            }
            else
            {
                Op(Opcode.Call).Count(1);
            }

            if (_random.OneIn(3))
            {
                Push('i');
                Push('I');
                Op(Opcode.Call).Count(0);
                Drop();
            }
        }

        for (int i = 0; i < waiting; i++)
        {
            Drop();
        }
    }

    private void Memory()
    {
        uint[] offsets = [0, 1, 127, 128, 65_535, int.MaxValue - 8, int.MaxValue, uint.MaxValue];
        while (!IsFull)
        {
            uint offset = offsets[_random.Below(offsets.Length)];
            Push('i');
            if (_random.OneIn(2))
            {
                Op(Opcode.I64Load8S).Byte(0).U32(offset);
                Drop();
            }
            else
            {
                Push('I');
                Op(Opcode.I64Store).Byte(0).U32(offset);
            }
        }
    }

    private void Runtime()
    {
        int waiting = _random.Below(30);
        for (int i = 0; i < waiting; i++)
        {
            Op(Opcode.LocalGet).Count(1);
            Op(Opcode.I64Popcnt);
        }

        while (!IsFull)
        {
            switch (_random.Below(6))
            {
                case 0:
                    Op(Opcode.LocalGet).Count(0);
                    Op(Opcode.MemoryGrow).Byte(0);
                    Drop();
                    break;
                case 1:
                    Three();
                    Op(Opcode.MemoryCopy).Byte(0).Byte(0);
                    break;
                case 2:
                    Three();
                    Op(Opcode.MemoryFill).Byte(0);
                    break;
                case 3:
                    Three();
                    Op(Opcode.TableCopy).Byte(0).Byte(0);
                    break;
                case 4:
                    Op(Opcode.LocalGet).Count(0);
                    Op(Opcode.TableGet).Byte(0);
                    Drop();
                    break;
                default:
                    Three();
                    Op(Opcode.MemoryInit).Count(0).Byte(0);
                    break;
            }
        }

        for (int i = 0; i < waiting; i++)
        {
            Drop();
        }
    }

    private void Three()
    {
        for (int i = 0; i < 3; i++)
        {
            Op(Opcode.LocalGet).Count(0);
        }
    }

    /// <summary>Deeply nested loops, each with a read and a write, with branches to any of them.</summary>
    private void Loops()
    {
        int depth = 0;
        for (; _code.Length < _size * 5 / 6; depth++)
        {
            Op(Opcode.Loop).Byte(Type);
            Op(Opcode.LocalGet).Count(4 + _random.Below(Locals / 2));
            Op(Opcode.LocalSet).Count(4 + _random.Below(Locals / 2));
            Op(Opcode.LocalGet).Count(0);
            Op(Opcode.BrIf).Count(_random.OneIn(2) ? 0 : _random.Below(depth + 1));
        }

        for (; depth > 0; depth--)
        {
            Op(Opcode.End);
        }
    }

    private void Selection()
    {
        while (!IsFull)
        {
            char kind = Kind();
            Push(kind);
            Push(kind);
            OpcodeInfo comparison = Comparisons[_random.Below(Comparisons.Length)];
            Push(comparison.Pops[0]);
            Push(comparison.Pops[1]);
            Op(comparison.Opcode);
            Op(Opcode.Select);
            Drop();
        }
    }
}
