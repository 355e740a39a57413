namespace Fvm.Wasm;

/// <summary>The reference's requirements on a module's sections beyond validity. Reads the bytes of a valid module.</summary>
internal static class InstrumentedSections
{
    private const int HeaderSize = 8;
    private const int FunctionSection = 3;
    private const int ElementSection = 9;
    private const int CodeSection = 10;

    /// <summary>Checks the sections.</summary>
    /// <exception cref="InvalidModuleException">
    /// The function or the code section is missing (an empty one is enough), or an element segment has expressions for elements.
    /// </exception>
    public static void Check(ReadOnlySpan<byte> module)
    {
        bool functions = false;
        bool code = false;
        ByteReader reader = new(module, HeaderSize, "module");
        while (!reader.AtEnd)
        {
            int id = reader.ReadByte();
            uint size = reader.ReadU32();
            int start = reader.Position;
            reader.ReadBytes(size);
            functions |= id == FunctionSection;
            code |= id == CodeSection;
            if (id == ElementSection)
            {
                CheckElements(module[..reader.Position], start);
            }
        }

        if (!functions || !code)
        {
            throw new InvalidModuleException("a module that is metered needs a function and a code section", "module", HeaderSize);
        }
    }

    private static void CheckElements(ReadOnlySpan<byte> module, int start)
    {
        ByteReader reader = new(module, start, "element");
        for (uint segments = reader.ReadU32(); segments > 0; segments--)
        {
            uint flags = reader.ReadU32();
            bool active = (flags & 1) == 0;
            if (active && (flags & 2) != 0)
            {
                reader.ReadU32();
            }

            if (active)
            {
                SkipExpression(module, ref reader);
            }

            if ((flags & 3) != 0)
            {
                reader.ReadByte();
            }

            uint count = reader.ReadU32();
            if ((flags & 4) != 0 && count != 0)
            {
                throw reader.Error("elements given by expressions cannot be metered");
            }

            for (uint i = 0; i < count; i++)
            {
                reader.ReadU32();
            }
        }
    }

    private static void SkipExpression(ReadOnlySpan<byte> module, ref ByteReader reader)
    {
        InstructionReader instructions = new(module, reader.Position, module.Length, "element");
        while (instructions.MoveNext() && instructions.Opcode != Opcode.End)
        {
        }

        reader.Position = instructions.NextOffset;
    }
}
