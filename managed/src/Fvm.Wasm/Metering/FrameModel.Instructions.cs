namespace Fvm.Wasm;

internal sealed partial class FrameModel
{
    private int[] _stack = new int[64];
    private int _height;

    private void Step(in InstructionReader reader, FunctionType type)
    {
        Opcode opcode = reader.Opcode;
        switch (opcode)
        {
            case Opcode.Nop:
                return;
            case Opcode.Unreachable:
                _reachable = false;
                return;
            case Opcode.Drop:
                _height--;
                return;
            case Opcode.I32Const or Opcode.I64Const or Opcode.F32Const or Opcode.F64Const:
                Push(_values.ConstantOf((int)opcode, reader.Constant, opcode is Opcode.F32Const or Opcode.F64Const));
                return;
            case Opcode.LocalGet:
                Push(Get((int)reader.Index));
                return;
            case Opcode.LocalSet:
                Set((int)reader.Index, Pop());
                return;
            case Opcode.LocalTee:
                Set((int)reader.Index, _stack[_height - 1]);
                return;
            case Opcode.Select:
                int condition = Pop();
                int second = Pop();
                int first = Pop();
                Push(_values.Pure((int)opcode, _values.IsFloat(first), false, first, second, condition));
                return;
            case Opcode.Block:
                Open(BlockKind.Block, reader.BlockType);
                return;
            case Opcode.Loop:
                Open(BlockKind.Loop, reader.BlockType);
                _values.Regions.EnterLoop(_values.At, _loopEnds[_nextLoop - 1]);
                _values.Boundary++;
                return;
            case Opcode.If:
                _values.Use(Pop());
                Open(BlockKind.If, reader.BlockType);
                _values.Boundary++;
                return;
            case Opcode.Else:
                Else();
                return;
            case Opcode.End:
                End();
                return;
            case Opcode.Br:
                BranchTo((int)reader.Index);
                _reachable = false;
                return;
            case Opcode.BrIf:
                _values.Use(Pop());
                BranchTo((int)reader.Index);
                _values.Boundary++;
                return;
            case Opcode.BrTable:
                _values.Use(Pop());
                BranchTargets targets = reader.Targets;
                while (targets.MoveNext())
                {
                    BranchTo((int)targets.Current);
                }

                _reachable = false;
                return;
            case Opcode.Return:
                if (type.Result != ValueKind.Empty)
                {
                    _values.Use(Pop());
                }

                _reachable = false;
                return;
            case Opcode.Call:
                Call(_module.TypeOf((int)reader.Index));
                return;
            case Opcode.CallIndirect:
                _values.Use(Pop());
                Call(_module.Types[(int)reader.Index]);
                return;
            case Opcode.GlobalGet:
                Load((int)opcode, -1, reader.Index, IsFloat(_module.Globals[(int)reader.Index].Type.Type));
                return;
            case Opcode.GlobalSet:
                _values.Use(Pop());
                _values.Boundary++;
                return;
            default:
                Operate(in reader, Opcodes.Of(opcode));
                return;
        }
    }

    /// <summary>Operations with operands as listed in the opcode table.</summary>
    private void Operate(in InstructionReader reader, OpcodeInfo info)
    {
        bool isFloat = info.Pushes.Length > 0 && IsFloat(OpcodeInfo.TypeOf(info.Pushes[0]));
        if (info.Metering == MeteringClass.Load)
        {
            Load((int)info.Opcode, Pop(), reader.MemoryOffset, isFloat);
            return;
        }

        if (info.Metering == MeteringClass.Math && !MayTrap(info.Opcode))
        {
            int second = info.Pops.Length > 1 ? Pop() : -1;
            Push(_values.Pure((int)info.Opcode, isFloat, IsCheap(info.Opcode), Pop(), second));
            return;
        }

        for (int i = 0; i < info.Pops.Length; i++)
        {
            _values.Use(Pop());
        }

        if (info.Metering != MeteringClass.Math)
        {
            _values.Boundary++;
        }

        if (info.Pushes.Length > 0)
        {
            Push(_values.Root(isFloat, _values.At));
        }
    }

    /// <summary>Redundant-load elimination: loads from one address with no possible write between them are one value.</summary>
    private void Load(int operation, int address, uint offset, bool isFloat)
    {
        int boundary = _values.Boundary;
        if (_values.TryFind(operation, address, boundary, offset, out int value))
        {
            Push(value);
            return;
        }

        if (address >= 0)
        {
            _values.Use(address);
        }

        value = _values.Root(isFloat, _values.At);
        _values.Name(operation, address, boundary, offset, value);
        Push(value);
    }

    private void Call(FunctionType type)
    {
        int integers = 0;
        int floats = 0;
        for (int i = 0; i < type.Parameters.Length; i++)
        {
            _ = IsFloat(type.Parameters[i]) ? floats++ : integers++;
            _values.Use(Pop());
        }

        int onStack = Math.Max(integers - IntegerArguments, 0) + Math.Max(floats - FloatArguments, 0);
        _arguments = Math.Max(_arguments, sizeof(ulong) * onStack);
        _values.Boundary++;
        if (type.Result != ValueKind.Empty)
        {
            Push(_values.Root(IsFloat(type.Result), _values.At));
        }
    }

    private void Push(int value)
    {
        if (_height == _stack.Length)
        {
            Array.Resize(ref _stack, 2 * _height);
        }

        _stack[_height++] = value;
    }

    private int Pop() => _stack[--_height];

    private static bool MayTrap(Opcode opcode) => opcode is
        Opcode.I32DivS or Opcode.I32DivU or Opcode.I32RemS or Opcode.I32RemU or
        Opcode.I64DivS or Opcode.I64DivU or Opcode.I64RemS or Opcode.I64RemU or
        Opcode.I32TruncF32S or Opcode.I32TruncF32U or Opcode.I32TruncF64S or Opcode.I32TruncF64U or
        Opcode.I64TruncF32S or Opcode.I64TruncF32U or Opcode.I64TruncF64S or Opcode.I64TruncF64U;

    private static bool IsCheap(Opcode opcode) => opcode is
        Opcode.I32Add or Opcode.I32Sub or Opcode.I32And or Opcode.I32Or or Opcode.I32Xor or
        Opcode.I64Add or Opcode.I64Sub or Opcode.I64And or Opcode.I64Or or Opcode.I64Xor;
}
