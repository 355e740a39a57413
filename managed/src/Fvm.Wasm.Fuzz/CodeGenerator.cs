namespace Fvm.Wasm.Fuzz;

/// <summary>Generates a random function body: statements and expressions of a requested type, until a budget is used up.</summary>
internal sealed partial class CodeGenerator
{
    private const int MaxNesting = 12;

    /// <summary>Locals that live at the same time, where they live briefly.</summary>
    private const int Window = 10;

    private static readonly Dictionary<char, OpcodeInfo[]> Operators = OperatorsByResult();
    private static readonly OpcodeInfo[] Loads = Array.FindAll([.. Opcodes.All], row => row.Immediates == ImmediateKind.Memory && row.Pushes != "");
    private static readonly OpcodeInfo[] Stores = Array.FindAll([.. Opcodes.All], row => row.Immediates == ImmediateKind.Memory && row.Pushes == "");

    private readonly ModuleGenerator _module;
    private readonly Randomness _random;
    private readonly WasmWriter _writer = new();
    private readonly string _locals;
    private readonly string _result;

    /// <summary>The value type carried by a branch to each open block, as a letter; a space for none.</summary>
    private readonly List<char> _labels = [];

    /// <summary>Locals used as addresses: mostly within memory, so that many accesses succeed.</summary>
    private readonly List<int> _pointers = [];

    /// <summary>
    /// The first of the few locals that are used at a time, and which change as the code goes on, so that locals live briefly, like the
    /// temporaries of compiled programs; negative where all are used everywhere.
    /// </summary>
    private int _window = -1;
    private int _budget;
    private int _nesting;

    public CodeGenerator(ModuleGenerator module, (string Parameters, string Results) type, string locals, int budget)
    {
        _module = module;
        _random = module.Random;
        _locals = locals;
        _result = type.Results;
        _budget = budget;
    }

    public byte[] Generate()
    {
        _labels.Add(_result == "" ? ' ' : _result[0]);
        if (_locals.Length > Window && !_random.OneIn(3))
        {
            _window = 0;
        }

        for (int i = 0; i < 2 && _locals.Contains('i'); i++)
        {
            _pointers.Add(PickLocal('i'));
            if (_random.OneIn(2))
            {
                SetPointer();
            }
        }

        while (_budget > 0)
        {
            Statement();
        }

        if (_result != "")
        {
            Expression(_result[0]);
        }

        Op(Opcode.End);
        return _writer.Written.ToArray();
    }

    private static Dictionary<char, OpcodeInfo[]> OperatorsByResult()
    {
        Dictionary<char, OpcodeInfo[]> operators = [];
        foreach (char kind in "iIfF")
        {
            operators[kind] = Array.FindAll(
                [.. Opcodes.All], row => row.Immediates == ImmediateKind.None && row.Pushes == kind.ToString() && !row.Pops.Contains('r'));
        }

        return operators;
    }

    private WasmWriter Op(Opcode opcode) => (int)opcode > 0xff
        ? _writer.Byte((int)opcode >> 8).U32((uint)opcode & 0xff)
        : _writer.Byte((int)opcode);

    private void Statement()
    {
        _budget--;
        if (_window >= 0 && _random.OneIn(2))
        {
            _window++;
        }

        switch (_random.Below(24))
        {
            case 0 or 1 or 2 or 3 when _locals != "":
                int local = AnyLocal();
                Expression(_locals[local]);
                Op(Opcode.LocalSet).Count(local);
                break;
            case 4 when _pointers.Count > 0 && _random.OneIn(2):
                SetPointer();
                break;
            case 4:
                SetGlobal();
                break;
            case 5 or 6 or 7:
                Store();
                break;
            case 8 or 9:
                If(' ');
                break;
            case 10:
                Block(Opcode.Block, ' ');
                break;
            case 11 or 12:
                Block(Opcode.Loop, ' ');
                break;
            case 13 or 14:
                BranchIf();
                break;
            case 15 when _random.OneIn(3):
                Branch();
                break;
            case 16 when _random.OneIn(2):
                BranchTable();
                break;
            case 17 when _random.OneIn(6):
                if (_result != "")
                {
                    Expression(_result[0]);
                }

                Op(Opcode.Return);
                break;
            case 18 when _random.OneIn(12):
                Op(Opcode.Unreachable);
                break;
            case 19 or 20:
                Bulk();
                break;
            case 21:
                CallAny();
                break;
            case 22 when _pointers.Count > 0 && !_random.OneIn(4):
                Walk();
                break;
            case 22:
                Op(Opcode.Nop);
                break;
            case 23 when _locals != "" && !_random.OneIn(3):
                Sets();
                break;
            default:
                Expression(_module.Kind());
                Op(Opcode.Drop);
                break;
        }
    }

    private void Expression(char kind)
    {
        _budget--;
        if (_budget <= 0 || _nesting > MaxNesting)
        {
            Leaf(kind);
            return;
        }

        _nesting++;
        switch (_random.Below(20))
        {
            case 0:
                Block(Opcode.Block, kind);
                break;
            case 1:
                If(kind);
                break;
            case 2:
                Block(Opcode.Loop, kind);
                break;
            case 3:
                Select(kind);
                break;
            case 4 or 5:
                Load(kind);
                break;
            case 6 when _locals.Contains(kind):
                Expression(kind);
                Op(Opcode.LocalTee).Count(PickLocal(kind));
                break;
            case 7 or 8:
                Call(kind);
                break;
            case 9 when kind == 'i':
                Size();
                break;
            case 10 when _random.OneIn(3):
                // A statement between operands, so that values wait on the stack.
                Expression(kind);
                Statement();
                break;
            case 11 or 12:
                Leaf(kind);
                break;
            default:
                OpcodeInfo operation = _random.Pick<OpcodeInfo>(Operators[kind]);
                if (operation.Name.EndsWith("div_s", StringComparison.Ordinal) && _random.OneIn(3))
                {
                    Overflowing(kind);
                    Op(operation.Opcode);
                    break;
                }

                if (operation.Opcode is Opcode.F32Min or Opcode.F32Max or Opcode.F64Min or Opcode.F64Max && _random.OneIn(3))
                {
                    Zeros(kind);
                    Op(operation.Opcode);
                    break;
                }

                foreach (char operand in operation.Pops)
                {
                    Expression(operand);
                }

                Op(operation.Opcode);
                break;
        }

        _nesting--;
    }

    private void Leaf(char kind)
    {
        switch (_random.Below(5))
        {
            case 0 or 1 or 2 when _locals.Contains(kind):
                Op(Opcode.LocalGet).Count(PickLocal(kind));
                return;
            case 3 when PickGlobal(kind, mutable: false) is int global and >= 0:
                Op(Opcode.GlobalGet).Count(global);
                return;
        }

        ulong bits = _module.Constant(kind);
        _ = kind switch
        {
            'i' => Op(Opcode.I32Const).Signed((int)bits),
            'I' => Op(Opcode.I64Const).Signed((long)bits),
            'f' => Op(Opcode.F32Const).Fixed(bits, 4),
            _ => Op(Opcode.F64Const).Fixed(bits, 8),
        };
    }

    /// <summary>Sets of locals in a row, mostly to functions of other locals, with few branches and calls between; often in a loop.</summary>
    private void Sets()
    {
        bool loops = _random.OneIn(2);
        if (loops)
        {
            Op(Opcode.Loop);
            BlockType(' ');
            _labels.Add(' ');
        }

        for (int i = _random.Below(4 * Window); i > 0; i--)
        {
            _window += _window < 0 ? 0 : 1;
            SetToOthers();
            int label = _random.Below(_labels.Count);
            if (_random.OneIn(6) && _labels[^(label + 1)] == ' ')
            {
                Sometimes();
                Op(Opcode.BrIf).Count(label);
            }
        }

        if (loops)
        {
            Sometimes();
            Op(Opcode.BrIf).Count(0);
            _labels.RemoveAt(_labels.Count - 1);
            Op(Opcode.End);
        }
    }

    /// <summary>A condition that holds for a quarter of all numbers.</summary>
    private void Sometimes()
    {
        Leaf('i');
        Op(Opcode.I32Const).Signed(3);
        Op(Opcode.I32And);
        Op(Opcode.I32Eqz);
    }

    private void SetToOthers()
    {
        int local = AnyLocal();
        char kind = _locals[local];
        Leaf(kind);
        if (_random.OneIn(24))
        {
            // The value waits meanwhile.
            CallAny();
        }

        if (kind is 'i' or 'I' && !_random.OneIn(4))
        {
            Leaf(kind);
            Op(_random.Pick<Opcode>(
                kind == 'i'
                    ? [Opcode.I32Add, Opcode.I32Sub, Opcode.I32Xor, Opcode.I32Mul, Opcode.I32Shl, Opcode.I32ShrU, Opcode.I32Rotl, Opcode.I32Or]
                    : [Opcode.I64Add, Opcode.I64Sub, Opcode.I64Xor, Opcode.I64Mul, Opcode.I64Shl, Opcode.I64ShrU, Opcode.I64Rotl, Opcode.I64Or]));
        }

        bool keeps = _random.OneIn(8);
        Op(keeps ? Opcode.LocalTee : Opcode.LocalSet).Count(local);
        if (keeps)
        {
            Op(Opcode.Drop);
        }
    }

    private int AnyLocal() => _window < 0 ? _random.Below(_locals.Length) : (_window + _random.Below(Window)) % _locals.Length;

    private int PickLocal(char kind)
    {
        int local = AnyLocal();
        while (_locals[local] != kind)
        {
            local = (local + 1) % _locals.Length;
        }

        return local;
    }

    private int PickGlobal(char kind, bool mutable)
    {
        int start = _random.Below(_module.Globals.Count);
        for (int i = 0; i < _module.Globals.Count; i++)
        {
            int global = (start + i) % _module.Globals.Count;
            if (_module.Globals[global].Type == kind && (!mutable || _module.Globals[global].Mutable))
            {
                return global;
            }
        }

        return -1;
    }

    private void SetGlobal()
    {
        char kind = _module.Kind();
        int global = PickGlobal(kind, mutable: true);
        Expression(kind);
        _ = global < 0 ? Op(Opcode.Drop) : Op(Opcode.GlobalSet).Count(global);
    }
}
