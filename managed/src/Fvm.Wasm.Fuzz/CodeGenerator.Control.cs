namespace Fvm.Wasm.Fuzz;

internal sealed partial class CodeGenerator
{
    /// <summary>
    /// A body that decrements its first parameter and calls another function of the same type until the parameter is zero.
    /// </summary>
    /// <param name="next">The called function.</param>
    /// <param name="element">The table element that refers to it.</param>
    public byte[] GenerateRing(int next, int element)
    {
        char result = _result == "" ? ' ' : _result[0];
        _budget = Math.Min(_budget, 20);
        _labels.Add(result);
        for (int i = _random.Below(3); i > 0; i--)
        {
            Statement();
        }

        Op(Opcode.LocalGet).Count(0);
        Op(Opcode.If);
        BlockType(result);
        _labels.Add(result);
        RingCall(next, element);
        Op(Opcode.Else);
        Operand(result);
        _labels.RemoveAt(1);
        Op(Opcode.End);
        Op(Opcode.End);
        return _writer.Written.ToArray();
    }

    private void RingCall(int next, int element)
    {
        // These values wait on the stack during the call.
        int waiting = _random.OneIn(3) ? _random.Below(20) : 0;
        for (int i = 0; i < waiting; i++)
        {
            Leaf('I');
        }

        (string parameters, string results) = _module.Functions[next];
        Op(Opcode.LocalGet).Count(0);
        Op(Opcode.I32Const).Signed(1);
        Op(Opcode.I32Sub);
        for (int i = 1; i < parameters.Length; i++)
        {
            if (_random.OneIn(2))
            {
                Op(Opcode.LocalGet).Count(i);
            }
            else
            {
                Expression(parameters[i]);
            }
        }

        if (_random.OneIn(2))
        {
            Op(Opcode.I32Const).Signed(element);
            Op(Opcode.CallIndirect).Count(_module.Builder.Type(parameters, results)).Byte(0);
        }
        else
        {
            Op(Opcode.Call).Count(next);
        }

        if (waiting == 0)
        {
            return;
        }

        if (results != "")
        {
            Op(Opcode.Drop);
        }

        for (int i = 1; i < waiting; i++)
        {
            Op(Opcode.I64Xor);
        }

        int local = _locals.IndexOf('I', StringComparison.Ordinal);
        _ = local < 0 ? Op(Opcode.Drop) : Op(Opcode.LocalSet).Count(local);
        Operand(results == "" ? ' ' : results[0]);
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
}
