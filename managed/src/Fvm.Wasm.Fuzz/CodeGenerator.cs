using Fvm.Wasm.Module;

namespace Fvm.Wasm.Fuzz;

/// <summary>Makes the random body of a function: statements, and expressions of a wanted type, until a budget is used up.</summary>
internal sealed class CodeGenerator
{
    private const int MaxNesting = 12;

    private static readonly Dictionary<char, OpcodeInfo[]> Operators = OperatorsByResult();
    private static readonly OpcodeInfo[] Loads = Array.FindAll([.. Opcodes.All], row => row.Immediates == ImmediateKind.Memory && row.Pushes != "");
    private static readonly OpcodeInfo[] Stores = Array.FindAll([.. Opcodes.All], row => row.Immediates == ImmediateKind.Memory && row.Pushes == "");

    private readonly ModuleGenerator _module;
    private readonly Randomness _random;
    private readonly WasmWriter _writer = new();
    private readonly string _locals;
    private readonly string _result;

    /// <summary>What a branch to each open block carries: a type's letter, or a space.</summary>
    private readonly List<char> _labels = [];

    /// <summary>Locals that addresses are taken from: they are mostly within memory, so that much is read and written through them.</summary>
    private readonly List<int> _pointers = [];
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
        switch (_random.Below(24))
        {
            case 0 or 1 or 2 or 3 when _locals != "":
                int local = _random.Below(_locals.Length);
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
            case 22:
                Op(Opcode.Nop);
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
                // A statement between operands keeps values waiting on the stack.
                Expression(kind);
                Statement();
                break;
            case 11 or 12:
                Leaf(kind);
                break;
            default:
                OpcodeInfo operation = _random.Pick<OpcodeInfo>(Operators[kind]);
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

    private int PickLocal(char kind)
    {
        int local = _random.Below(_locals.Length);
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

    private void BlockType(char kind) =>
        _writer.Byte(kind == ' ' ? (int)ValueKind.Empty : (int)OpcodeInfo.TypeOf(kind));

    private void Block(Opcode opcode, char kind)
    {
        Op(opcode);
        BlockType(kind);
        Body(opcode == Opcode.Loop ? ' ' : kind, kind);
        Op(Opcode.End);
    }

    private void If(char kind)
    {
        Expression('i');
        Op(Opcode.If);
        BlockType(kind);
        Body(kind, kind);
        if (kind != ' ' || _random.OneIn(2))
        {
            Op(Opcode.Else);
            Body(kind, kind);
        }

        Op(Opcode.End);
    }

    private void Body(char label, char result)
    {
        _labels.Add(label);
        _nesting++;
        for (int i = _random.Below(_nesting > MaxNesting ? 1 : 4); i > 0; i--)
        {
            Statement();
        }

        if (result != ' ')
        {
            Expression(result);
        }

        _nesting--;
        _labels.RemoveAt(_labels.Count - 1);
    }

    private void Select(char kind)
    {
        Expression(kind);
        Expression(kind);
        Expression('i');
        Op(Opcode.Select);
    }

    private void SetPointer()
    {
        int pointer = _random.Pick<int>([.. _pointers]);
        if (_random.OneIn(2))
        {
            // A step, as loops make it.
            Op(Opcode.LocalGet).Count(pointer);
            Op(Opcode.I32Const).Signed(1 << _random.Below(17));
            Op(Opcode.I32Add);
        }
        else
        {
            Expression('i');
            if (!_random.OneIn(8))
            {
                Op(Opcode.I32Const).Signed(65_535);
                Op(Opcode.I32And);
            }
        }

        Op(Opcode.LocalSet).Count(pointer);
    }

    /// <summary>Mostly within memory, sometimes just past its end, sometimes anywhere.</summary>
    private void Address()
    {
        if (_pointers.Count > 0 && _random.OneIn(3))
        {
            Op(Opcode.LocalGet).Count(_random.Pick<int>([.. _pointers]));
        }
        else if (_random.OneIn(10))
        {
            Expression('i');
        }
        else if (_random.OneIn(4))
        {
            Op(Opcode.I32Const).Signed(65_536 - _random.Below(12));
        }
        else
        {
            Expression('i');
            Op(Opcode.I32Const).Signed(_random.OneIn(2) ? 1023 : 65_535);
            Op(Opcode.I32And);
        }
    }

    private uint Offset() => _random.Below(12) switch
    {
        0 => (uint)_random.Interesting(),
        1 => (uint)(65_536 - _random.Below(20)),
        < 6 => (uint)_random.Below(100),
        _ => 0,
    };

    private void Load(char kind)
    {
        OpcodeInfo load = _random.Pick<OpcodeInfo>(Array.FindAll(Loads, row => row.Pushes[0] == kind));
        Address();
        Op(load.Opcode).Byte(0).U32(Offset());
    }

    private void Store()
    {
        OpcodeInfo store = _random.Pick<OpcodeInfo>(Stores);
        Address();
        Expression(store.Pops[1]);
        Op(store.Opcode).Byte(0).U32(Offset());
    }

    private void Call(char kind)
    {
        int start = _random.Below(_module.Functions.Count);
        for (int i = 0; i < _module.Functions.Count; i++)
        {
            int function = (start + i) % _module.Functions.Count;
            if (_module.Functions[function].Results == kind.ToString())
            {
                Call(function);
                return;
            }
        }

        Leaf(kind);
    }

    private void CallAny()
    {
        int function = _random.Below(_module.Functions.Count);
        Call(function);
        if (_module.Functions[function].Results != "")
        {
            Op(Opcode.Drop);
        }
    }

    private void Call(int function)
    {
        (string parameters, string results) = _module.Functions[function];
        foreach (char parameter in parameters)
        {
            Expression(parameter);
        }

        if (_random.OneIn(3))
        {
            Element();
            Op(Opcode.CallIndirect).Count(_module.Builder.Type(parameters, results)).Byte(0);
        }
        else
        {
            Op(Opcode.Call).Count(function);
        }
    }

    private void Element()
    {
        if (_random.OneIn(5))
        {
            Expression('i');
        }
        else
        {
            Op(Opcode.I32Const).Signed(_random.Below(10));
        }
    }

    private void Size()
    {
        switch (_random.Below(3))
        {
            case 0:
                Op(Opcode.MemorySize).Byte(0);
                break;
            case 1:
                Op(Opcode.TableSize).Byte(0);
                break;
            default:
                Expression('i');
                Op(Opcode.I32Const).Signed(3);
                Op(Opcode.I32And);
                Op(Opcode.MemoryGrow).Byte(0);
                break;
        }
    }

    private void Operand(char kind)
    {
        if (kind != ' ')
        {
            Expression(kind);
        }
    }

    private void BranchIf()
    {
        int label = _random.Below(_labels.Count);
        char kind = _labels[^(label + 1)];
        Operand(kind);
        Expression('i');
        Op(Opcode.BrIf).Count(label);
        if (kind != ' ')
        {
            Op(Opcode.Drop);
        }
    }

    private void Branch()
    {
        int label = _random.Below(_labels.Count);
        Operand(_labels[^(label + 1)]);
        Op(Opcode.Br).Count(label);
    }

    private void BranchTable()
    {
        int first = _random.Below(_labels.Count);
        char kind = _labels[^(first + 1)];
        Operand(kind);
        Expression('i');
        List<int> labels = [first];
        for (int i = _random.Below(12); i > 0; i--)
        {
            int label = _random.Below(_labels.Count);
            if (_labels[^(label + 1)] == kind)
            {
                labels.Add(label);
            }
        }

        Op(Opcode.BrTable).Count(labels.Count - 1);
        labels.ForEach(label => _writer.Count(label));
    }

    private void Bulk()
    {
        switch (_random.Below(9))
        {
            case 0 or 1:
                Address();
                Address();
                Count(300);
                Op(Opcode.MemoryCopy).Byte(0).Byte(0);
                break;
            case 2:
                Address();
                Expression('i');
                Count(300);
                Op(Opcode.MemoryFill).Byte(0);
                break;
            case 3 when _module.DataCount > 0:
                Address();
                Count(20);
                Count(20);
                Op(Opcode.MemoryInit).Count(_random.Below(_module.DataCount)).Byte(0);
                break;
            case 4 when _module.DataCount > 0 && _random.OneIn(4):
                Op(Opcode.DataDrop).Count(_random.Below(_module.DataCount));
                break;
            case 5 when _module.ElementCount > 0:
                Count(8);
                Count(4);
                Count(4);
                Op(Opcode.TableInit).Count(_random.Below(_module.ElementCount)).Byte(0);
                break;
            case 6:
                Count(8);
                Count(8);
                Count(6);
                Op(Opcode.TableCopy).Byte(0).Byte(0);
                break;
            case 4 when _module.ElementCount > 0 && _random.OneIn(4):
                Op(Opcode.ElemDrop).Count(_random.Below(_module.ElementCount));
                break;
            case 7 when _random.OneIn(2):
                Element();
                Reference();
                Op(Opcode.TableSet).Byte(0);
                break;
            case 8 when _random.OneIn(2):
                Reference();
                Count(3);
                Op(Opcode.TableGrow).Byte(0);
                Op(Opcode.Drop);
                break;
            default:
                Element();
                Reference();
                Count(3);
                Op(Opcode.TableFill).Byte(0);
                break;
        }
    }

    // ref.null and ref.func are refused in bodies, as the reference's instrumentation does.
    private void Reference()
    {
        int global = _random.OneIn(3) ? PickGlobal('r', mutable: false) : -1;
        if (global >= 0)
        {
            Op(Opcode.GlobalGet).Count(global);
            return;
        }

        Element();
        Op(Opcode.TableGet).Byte(0);
    }

    /// <summary>A small number, now and then unknown or large.</summary>
    private void Count(int below)
    {
        if (_random.OneIn(8))
        {
            Expression('i');
            return;
        }

        Op(Opcode.I32Const).Signed(_random.Below(below));
        if (_random.OneIn(3))
        {
            // Hides the constant from the metering.
            Op(Opcode.Nop);
        }
    }
}
