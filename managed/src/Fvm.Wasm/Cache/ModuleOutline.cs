namespace Fvm.Wasm;

/// <summary>
/// What instances need of a module whose machine code is complete: all sections but the functions' instructions, as a module with empty
/// functions, behind the key of the machine code. With it a module's code is found by the module's name, and neither the module's bytes nor a
/// hash of them are needed: see "Why is machine code found by an actor's CID?" in RATIONALE.md.
/// </summary>
internal static class ModuleOutline
{
    private const int HeaderSize = 8;
    private const int CustomSection = 0;
    private const int CodeSection = 10;

    // No locals, and `end`.
    private static ReadOnlySpan<byte> EmptyBody => [0x00, 0x0b];

    /// <summary>
    /// Whether the machine code of all defined functions is all that instances can call: a reference by a global's initialiser has code of its
    /// own, which is compiled at its first call.
    /// </summary>
    public static bool IsPossible(WasmModule module)
    {
        foreach (Global global in module.Globals)
        {
            if (global.Initial is { Opcode: Opcode.RefFunc })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The outline of a valid module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="key">The key of its machine code.</param>
    public static byte[] Encode(WasmModule module, string key)
    {
        ReadOnlySpan<byte> bytes = module.Bytes.Span;
        WasmWriter outline = new WasmWriter().Raw(Convert.FromHexString(key)).Raw(bytes[..HeaderSize]);
        ByteReader reader = new(bytes, HeaderSize, "module");
        while (!reader.AtEnd)
        {
            int id = reader.ReadByte();
            ReadOnlySpan<byte> content = reader.ReadBytes(reader.ReadU32());
            if (id == CodeSection)
            {
                outline.Byte(id).Sized(EmptyFunctions(module.Bodies.Length));
            }
            else if (id != CustomSection)
            {
                outline.Byte(id).Count(content.Length).Raw(content);
            }
        }

        return outline.Written.ToArray();
    }

    /// <summary>Splits an outline from the cache, which has authenticated it.</summary>
    /// <returns>The module with empty functions; null if it is none.</returns>
    public static WasmModule? TryDecode(ReadOnlyMemory<byte> outline, ModuleLimits limits, out string key)
    {
        key = string.Empty;
        if (outline.Length < CacheKey.Size)
        {
            return null;
        }

        key = Convert.ToHexStringLower(outline.Span[..CacheKey.Size]);
        return ModuleDecoder.Decode(outline[CacheKey.Size..], limits);
    }

    private static WasmWriter EmptyFunctions(int count)
    {
        WasmWriter section = new WasmWriter().Count(count);
        for (int i = 0; i < count; i++)
        {
            section.Count(EmptyBody.Length).Raw(EmptyBody);
        }

        return section;
    }
}
