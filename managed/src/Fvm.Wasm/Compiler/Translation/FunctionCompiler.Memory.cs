namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    private readonly ProvenBounds _checked = new();
    private readonly LastStore _lastStore = new();
    private readonly MemoryLeft _memoryLeft;

    /// <summary>Offset of the last set per home of a local; 0 without a set.</summary>
    private int[] _lastSets = new int[64];

    private void MemoryOrTable(in InstructionReader reader)
    {
        switch (reader.Opcode)
        {
            case Opcode.MemorySize:
                MemorySize();
                break;
            case Opcode.TableSize:
                TableSize();
                break;
            case Opcode.TableGet:
                TableGet();
                break;
            case Opcode.TableSet:
                TableSet();
                break;
            case Opcode.DataDrop:
                _asm.Store8(CallingConvention.ContextField(_instances.DroppedData + (int)reader.Index), 1);
                break;
            case Opcode.ElemDrop:
                _asm.Store8(CallingConvention.ContextField(_instances.DroppedElements + (int)reader.Index), 1);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    private void Load(ref InstructionReader reader)
    {
        Opcode opcode = reader.Opcode;
        ValueKind type = reader.Traits.Result;
        uint offset = reader.MemoryOffset;
        Operand address = _stack.Pop();
        if (IsWhole(opcode) && address.Kind == OperandKind.Local
            && _lastStore.TryLoad(address.Index, offset, reader.Traits.Bytes, out Operand stored))
        {
            stored.Type = type;
            _stack.Push(stored);
            return;
        }

        Address at = Access(ref address, offset, reader.Traits.Bytes, out Register extra);
        Destination destination = DestinationOf(in reader);
        _registers.Free(extra);
        _stack.Free(in address);
        Register to = destination.IsLocal ? destination.Register : _stack.Allocate();
        switch (opcode)
        {
            case Opcode.I32Load:
            case Opcode.F32Load:
            case Opcode.I64Load32U:
                _asm.Move(Width.W32, to, in at);
                break;
            case Opcode.I64Load:
            case Opcode.F64Load:
                _asm.Move(Width.W64, to, in at);
                break;
            case Opcode.I32Load8U:
            case Opcode.I64Load8U:
                _asm.LoadZero8(to, in at);
                break;
            case Opcode.I32Load16U:
            case Opcode.I64Load16U:
                _asm.LoadZero16(to, in at);
                break;
            case Opcode.I32Load8S:
            case Opcode.I64Load8S:
                _asm.LoadSigned8(Widths.Of(type), to, in at);
                break;
            case Opcode.I32Load16S:
            case Opcode.I64Load16S:
                _asm.LoadSigned16(Widths.Of(type), to, in at);
                break;
            case Opcode.I64Load32S:
                _asm.LoadSigned32(to, in at);
                break;
            default:
                throw NoCode(opcode);
        }

        PushResult(ref reader, type, to, destination);
    }

    /// <summary>Whether a load has the full width of its result, without extension.</summary>
    private static bool IsWhole(Opcode opcode) => opcode is Opcode.I32Load or Opcode.I64Load or Opcode.F32Load or Opcode.F64Load;

    private void Store(int size, uint offset)
    {
        Operand value = _stack.Pop();
        Operand address = _stack.Pop();
        _lastStore.Set(address.Kind == OperandKind.Local ? address.Index : -1, offset, size, in value);
        bool immediate = value.Kind == OperandKind.Constant && (size < 8 || (long)value.Bits == (int)value.Bits);
        Register from = immediate ? Register.None : _stack.ToRegister(ref value);
        Address at = Access(ref address, offset, size, out Register extra);
        switch (size)
        {
            case 1 when immediate:
                _asm.Store8(in at, value.Immediate);
                break;
            case 1:
                _asm.Store8(in at, from);
                break;
            case 2 when immediate:
                _asm.Store16(in at, value.Immediate);
                break;
            case 2:
                _asm.Store16(in at, from);
                break;
            default:
                if (immediate)
                {
                    _asm.Store(Widths.Of(size == 8), in at, value.Immediate);
                }
                else
                {
                    _asm.Move(Widths.Of(size == 8), in at, from);
                }

                break;
        }

        _registers.Free(extra);
        _stack.Free(in value);
        _stack.Free(in address);
    }

    /// <summary>Emits the bounds check of an access, unless it is proven, and returns the operand's address.</summary>
    /// <param name="address">The Wasm address; to be freed by the caller.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Size of the access in bytes.</param>
    /// <param name="extra">A register to be freed after the access, or none.</param>
    private Address Access(ref Operand address, uint offset, int size, out Register extra)
    {
        extra = Register.None;
        ulong end = offset + (ulong)size;
        if (address.Kind == OperandKind.Constant && address.Bits + end <= Math.Min(_minimumMemory, int.MaxValue))
        {
            // Within the minimum memory of every instance.
            return new Address(CallingConvention.Memory, (int)(address.Bits + offset));
        }

        int local = address.Kind == OperandKind.Local ? address.Index : -1;
        Register index = _stack.ToRegister(ref address);
        if (_isGuarded && end <= GuardPages.Reach)
        {
            // The region has a page for every such address, which is inaccessible beyond the memory's end.
            return new Address(CallingConvention.Memory, index, 0, (int)offset);
        }

        if (end > int.MaxValue)
        {
            extra = _stack.Allocate();
            _asm.Constant(extra, end);
            _asm.Add(Width.W64, extra, index);
            CheckEnd(extra);
            return new Address(CallingConvention.Memory, extra, 0, -size);
        }

        if (local < 0 || !_checked.Covers(local, end))
        {
            if (local < 0 || !TryCheckWhatIsLeft(local, index, (int)end))
            {
                Register limit = _stack.Allocate();
                _asm.Lea(Width.W64, limit, new Address(index, (int)end));
                CheckEnd(limit);
                _registers.Free(limit);
            }

            if (local >= 0)
            {
                _checked.Add(local, end, _control[_depth - 1].Proofs);
            }
        }

        return new Address(CallingConvention.Memory, index, 0, (int)offset);
    }

    /// <summary>
    /// From the second check of a local on, compares what is left of memory behind its value, in a register if one is free: accesses to the fields of
    /// a structure usually come together, and each has to be checked if it reaches further than the ones before.
    /// </summary>
    private bool TryCheckWhatIsLeft(int local, Register index, int end)
    {
        if (!_memoryLeft.TryFind(local, out Register left))
        {
            if (!_registers.HasFree || !_checked.Covers(local, 1))
            {
                return false;
            }

            left = _memoryLeft.Keep(local);
            _asm.Move(Width.W64, left, CallingConvention.ContextField(ContextOffset.MemoryLength));
            _asm.Sub(Width.W64, left, index);
        }

        // Both lengths are below 2^33, so the difference has a sign.
        _asm.Cmp(Width.W64, left, end);
        TrapIf(Condition.Less, TrapCode.MemoryOutOfBounds);
        return true;
    }

    private void CheckEnd(Register end)
    {
        _asm.Cmp(Width.W64, end, CallingConvention.ContextField(ContextOffset.MemoryLength));
        TrapIf(Condition.Above, TrapCode.MemoryOutOfBounds);
    }

    private void MemorySize()
    {
        Register pages = _stack.Allocate();
        _asm.Move(Width.W64, pages, CallingConvention.ContextField(ContextOffset.MemoryLength));
        _asm.ShiftBy(Shift.Shr, Width.W64, pages, 16);
        _stack.PushRegister(ValueKind.I32, pages);
    }

    private void TableSize()
    {
        Register length = _stack.Allocate();
        _asm.Move(Width.W32, length, CallingConvention.ContextField(ContextOffset.TableLength));
        _stack.PushRegister(ValueKind.I32, length);
    }

    private void TableGet()
    {
        Operand element = _stack.Pop();
        Address at = Element(ref element, out Register table);
        _asm.Move(Width.W64, table, in at);
        _stack.Free(in element);
        _stack.PushRegister(ValueKind.FuncRef, table);
    }

    private void TableSet()
    {
        Operand value = _stack.Pop();
        Operand element = _stack.Pop();
        Register from = _stack.ToRegister(ref value);
        Address at = Element(ref element, out Register table);
        _asm.Move(Width.W64, in at, from);
        _registers.Free(table);
        _stack.Free(in value);
        _stack.Free(in element);
    }

    /// <summary>Emits the bounds check of a table index, and returns the element's address.</summary>
    /// <param name="element">The index; to be freed by the caller.</param>
    /// <param name="table">A register that the address uses; to be freed by the caller.</param>
    private Address Element(ref Operand element, out Register table)
    {
        Register index = _stack.ToRegister(ref element);
        _asm.Cmp(Width.W32, index, CallingConvention.ContextField(ContextOffset.TableLength));
        TrapIf(Condition.AboveOrEqual, TrapCode.TableOutOfBounds);
        table = _stack.Allocate();
        _asm.Move(Width.W64, table, CallingConvention.ContextField(ContextOffset.Table));
        return new Address(table, index, 3, 0);
    }
}
