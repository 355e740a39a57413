namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadGlobals(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.Globals - _globals.Count, "globals");
        for (int i = 0; i < count; i++)
        {
            GlobalType type = ReadGlobalType(ref reader);
            _globals.Add(new Global(type, ReadConstant(ref reader, type.Type)));
        }
    }

    private static GlobalType ReadGlobalType(ref ByteReader reader)
    {
        ValueKind kind = reader.ReadValueKind();
        byte mutability = reader.ReadByte();
        if (mutability > 1)
        {
            reader.Position--;
            throw reader.Error("malformed mutability");
        }

        return new GlobalType(kind, mutability == 1);
    }

    /// <summary>Reads an initialiser: one constant instruction and <c>end</c>, since extended constant expressions are off.</summary>
    private ConstantExpression ReadConstant(ref ByteReader reader, ValueKind expected)
    {
        InstructionReader instructions = new(_bytes.Span, reader.Position, reader.Position + reader.Remaining, reader.Section);
        ConstantExpression expression = default;
        ValueKind kind = ValueKind.Empty;
        if (instructions.MoveNext())
        {
            kind = ReadConstant(ref instructions, out expression);
        }

        if (kind != expected)
        {
            throw instructions.Error("type mismatch: the initialiser has another type than what it initialises");
        }

        if (!instructions.MoveNext() || instructions.Opcode != Opcode.End)
        {
            throw instructions.Error("an initialiser must be one constant instruction and an end");
        }

        reader.Position = instructions.NextOffset;
        return expression;
    }

    private ValueKind ReadConstant(ref InstructionReader instruction, out ConstantExpression expression)
    {
        expression = new ConstantExpression(instruction.Opcode, instruction.Constant);
        switch (instruction.Opcode)
        {
            case Opcode.I32Const:
                return ValueKind.I32;
            case Opcode.I64Const:
                return ValueKind.I64;
            case Opcode.F32Const:
                return ValueKind.F32;
            case Opcode.F64Const:
                return ValueKind.F64;
            case Opcode.RefNull:
                expression = new ConstantExpression(instruction.Opcode, 0);
                return ValueKind.FuncRef;
            case Opcode.RefFunc:
                if (instruction.Index >= (uint)_functionTypes.Count)
                {
                    throw instruction.Error($"unknown function {instruction.Index}");
                }

                expression = new ConstantExpression(instruction.Opcode, instruction.Index);
                return ValueKind.FuncRef;
            case Opcode.GlobalGet:
                if (instruction.Index >= (uint)_importedGlobals || _globals[(int)instruction.Index].Type.Mutable)
                {
                    throw instruction.Error("an initialiser may only read imported immutable globals");
                }

                expression = new ConstantExpression(instruction.Opcode, instruction.Index);
                return _globals[(int)instruction.Index].Type.Type;
            default:
                throw instruction.Error("constant expression required");
        }
    }
}
