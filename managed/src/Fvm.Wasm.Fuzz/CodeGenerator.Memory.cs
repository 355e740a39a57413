namespace Fvm.Wasm.Fuzz;

internal sealed partial class CodeGenerator
{
    private void SetPointer()
    {
        int pointer = _random.Pick<int>([.. _pointers]);
        if (_random.OneIn(2))
        {
            // A pointer increment, as in loops.
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

    /// <summary>
    /// A loop that steps a pointer through memory, up to its end or past it, a pattern found everywhere in compiled programs.
    /// </summary>
    private void Walk()
    {
        int pointer = _random.Pick<int>([.. _pointers]);
        if (_random.OneIn(2))
        {
            Touch(pointer);
        }

        Op(Opcode.Loop);
        BlockType(' ');
        _labels.Add(' ');
        Touch(pointer);
        if (_random.OneIn(3))
        {
            Statement();
        }

        for (int fields = _random.Below(4); fields > 0; fields--)
        {
            Touch(pointer);
        }

        Op(Opcode.LocalGet).Count(pointer);
        Op(Opcode.I32Const).Signed(_random.Pick<int>([1, 8, 1000, 16_384, 65_536]) - _random.Below(2));
        Op(Opcode.I32Add);
        if (_random.OneIn(2))
        {
            Op(Opcode.LocalTee).Count(pointer);
        }
        else
        {
            Op(Opcode.LocalSet).Count(pointer);
            Op(Opcode.LocalGet).Count(pointer);
        }

        Op(Opcode.I32Const).Signed(_random.OneIn(2) ? 65_536 : _random.Below(200_000));
        Op(Opcode.I32LtU);
        Op(Opcode.BrIf).Count(0);
        Op(Opcode.End);
        _labels.RemoveAt(_labels.Count - 1);
    }

    /// <summary>Reads or writes through a pointer.</summary>
    private void Touch(int pointer)
    {
        OpcodeInfo access = _random.Pick<OpcodeInfo>(_random.OneIn(2) ? Loads : Stores);
        Op(Opcode.LocalGet).Count(pointer);
        if (access.Pushes == "")
        {
            Leaf(access.Pops[1]);
        }

        Op(access.Opcode).Byte(0).U32((uint)_random.Below(9));
        if (access.Pushes != "")
        {
            Op(Opcode.Drop);
        }
    }

    /// <summary>An address: mostly within memory, sometimes just past its end, sometimes arbitrary.</summary>
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

    // ref.null and ref.func are rejected in bodies, as by the reference's instrumentation.
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

    /// <summary>A small count, sometimes a run-time value or a large one.</summary>
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
