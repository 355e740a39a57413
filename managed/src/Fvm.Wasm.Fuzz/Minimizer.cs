namespace Fvm.Wasm.Fuzz;

/// <summary>Minimises a module that reproduces a difference, by removing ever shorter runs of instructions.</summary>
internal static class Minimizer
{
    private const int CodeSection = 10;
    private const int HeaderSize = 8;

    /// <param name="module">A module for which <paramref name="shows"/> is true.</param>
    /// <param name="shows">Whether a candidate, which may be invalid, still reproduces the difference.</param>
    public static byte[] Minimize(byte[] module, Func<byte[], bool> shows)
    {
        List<Body> bodies = Read(module);
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Body body in bodies)
            {
                changed |= Shrink(module, bodies, body, shows);
            }
        }

        return Write(module, bodies);
    }

    private static bool Shrink(byte[] module, List<Body> bodies, Body body, Func<byte[], bool> shows)
    {
        bool changed = false;
        for (int length = body.Instructions.Count / 2; length > 0; length /= 2)
        {
            for (int at = 0; at + length < body.Instructions.Count;)
            {
                List<byte[]> kept = body.Instructions;
                body.Instructions = [.. kept[..at], .. kept[(at + length)..]];
                if (shows(Write(module, bodies)))
                {
                    changed = true;
                    continue;
                }

                body.Instructions = kept;
                at += length;
            }
        }

        return changed;
    }

    private static List<Body> Read(byte[] bytes)
    {
        WasmModule module = ModuleValidator.Decode(bytes, ModuleRunner.Limits);
        List<Body> bodies = [];
        foreach (FunctionBody function in module.Bodies)
        {
            WasmWriter locals = new();
            locals.Count(function.LocalGroups.Length);
            foreach (LocalGroup group in function.LocalGroups)
            {
                locals.U32(group.Count).Byte((int)group.Type);
            }

            Body body = new() { Locals = locals.Written.ToArray(), Instructions = [] };
            InstructionReader reader = new(bytes, function);
            while (reader.MoveNext())
            {
                body.Instructions.Add(bytes[reader.Offset..reader.NextOffset]);
            }

            bodies.Add(body);
        }

        return bodies;
    }

    private static byte[] Write(byte[] module, List<Body> bodies)
    {
        WasmWriter code = new();
        code.Count(bodies.Count);
        foreach (Body body in bodies)
        {
            WasmWriter one = new WasmWriter().Raw(body.Locals);
            body.Instructions.ForEach(instruction => one.Raw(instruction));
            code.Sized(one);
        }

        WasmWriter result = new WasmWriter().Raw(module.AsSpan(0, HeaderSize));
        for (int at = HeaderSize; at < module.Length;)
        {
            int start = at;
            int id = module[at++];
            int size = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = module[at++];
                size |= (next & 0x7f) << shift;
                if (next < 0x80)
                {
                    break;
                }
            }

            at += size;
            _ = id == CodeSection ? result.Byte(id).Sized(code) : result.Raw(module.AsSpan(start, at - start));
        }

        return result.Written.ToArray();
    }

    private sealed class Body
    {
        public required byte[] Locals { get; init; }

        public required List<byte[]> Instructions { get; set; }
    }
}
