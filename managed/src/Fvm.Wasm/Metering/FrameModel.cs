// The reference's machine stack, function by function.
namespace Fvm.Wasm;

/// <summary>
/// How many bytes of the machine's stack a function takes in the reference, which gives each instance 4 MiB of it besides the limiter's
/// count (engine: <c>max_wasm_stack</c>). A function with hundreds of locals that are needed at the same time ends there before the
/// limiter's 2,048. The frame is that of Cranelift on x86-64: 8 bytes for each integer and 16 for each floating-point number that has to
/// be kept, return address and frame pointer, and arguments past those that registers pass. Every metered block begins with a call, which
/// charges gas, so nothing but the saved registers survives in registers, and those are saved in the frame. Linear in the function's size.
/// </summary>
internal sealed partial class FrameModel
{
    /// <summary>What an instance may take, in bytes, less what the reference's own entry has taken by then.</summary>
    public const int Limit = (4 << 20) - EntryBytes;

    /// <summary>
    /// Bytes of an engine's own frame for each byte of the model's, at most: the model counts no function for less. An engine whose frames
    /// take up to 8 bytes for each local, operand and <see cref="SlackSlots"/> never needs more than this many times <see cref="Limit"/>.
    /// </summary>
    public const int EngineRatio = 80;

    /// <summary>Slots of an engine's frame besides locals and operands.</summary>
    public const int SlackSlots = 64;

    private const int EntryBytes = 512;
    private const int IntegerBytes = 8;
    private const int FloatBytes = 16;

    // Return address and frame pointer; the instance's pointer, and what is rounded up.
    private const int LinkBytes = 16;
    private const int FixedBytes = 24;
    private const int IntegerArguments = 4;
    private const int FloatArguments = 8;

    // What a function without many locals takes at most for each value that the limiter counts.
    private const int PaidBytes = 2048;
    private const int SlackBytes = 512;

    private readonly WasmModule _module;
    private readonly FrameValues _values = new();
    private int _arguments;

    public FrameModel(WasmModule module) => _module = module;

    /// <summary>
    /// Whether a function might take more than the limiter's count allows it: 4 MiB by 2,048. If none of a module does, none of its chains of
    /// calls reaches the 4 MiB first, and no frame has to be counted.
    /// </summary>
    public static bool IsLarge(WasmModule module, FunctionBody body, uint stackCost) =>
        RawBytes(module, body) + BytesBesidesLocals(stackCost) > (long)PaidBytes * stackCost;

    /// <summary>Whether a function might be large, by its locals alone.</summary>
    public static bool MayBeLarge(WasmModule module, FunctionBody body) => RawBytes(module, body) > PaidBytes;

    /// <summary>The bytes of the frame of a function that the module defines.</summary>
    public int BytesOf(FunctionBody body, uint stackCost)
    {
        FunctionType type = _module.Types[body.TypeIndex];
        Walk(body, type);
        (int integers, int floats) = _values.Most();
        long frame = FixedBytes + ((long)IntegerBytes * integers) + ((long)FloatBytes * floats);
        frame = ((frame + 15) & ~15L) + ((_arguments + 15) & ~15L) + LinkBytes;
        return (int)Math.Min(Math.Max(frame, LeastBytes(body, stackCost)), 2L * Limit);
    }

    // What an engine's own frames need: see EngineRatio.
    private long LeastBytes(FunctionBody body, uint stackCost)
    {
        long slots = (long)_module.Types[body.TypeIndex].Parameters.Length + body.LocalCount + (2L * stackCost) + SlackSlots;
        return Math.Min(slots * sizeof(ulong) / EngineRatio, Limit) + LinkBytes;
    }

    private static long BytesBesidesLocals(uint stackCost) => (2L * FloatBytes * stackCost) + SlackBytes;

    private static long RawBytes(WasmModule module, FunctionBody body)
    {
        long bytes = ParameterBytes(module.Types[body.TypeIndex]);
        foreach (LocalGroup group in body.LocalGroups)
        {
            bytes += group.Count * BytesOf(group.Type);
        }

        return bytes;
    }

    private static long ParameterBytes(FunctionType type)
    {
        long bytes = 0;
        foreach (ValueKind parameter in type.Parameters)
        {
            bytes += BytesOf(parameter);
        }

        return bytes;
    }

    private static long BytesOf(ValueKind type) => IsFloat(type) ? FloatBytes : IntegerBytes;

    private static bool IsFloat(ValueKind type) => type is ValueKind.F32 or ValueKind.F64;

    private void Walk(FunctionBody body, FunctionType type)
    {
        int locals = type.Parameters.Length + body.LocalCount;
        if (_locals.Length < locals)
        {
            _locals = new Local[locals];
            _generation = 0;
        }

        _generation++;
        _parameters = type.Parameters.Length;
        _types.Reset(type.Parameters, body.LocalGroups);
        int instructions = LookAhead(body);
        _values.Reset(instructions);
        _height = 0;
        _depth = 0;
        _nextLoop = 0;
        _arguments = 0;
        _reachable = true;
        Open(BlockKind.Block, type.Result);
        int skipped = 0;
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            _values.At++;
            if (reader.Opcode == Opcode.Loop)
            {
                _nextLoop++;
            }

            if (_reachable)
            {
                Step(in reader, type);
                continue;
            }

            // Code that nothing reaches is not translated.
            switch (reader.Opcode)
            {
                case Opcode.Block or Opcode.Loop or Opcode.If:
                    skipped++;
                    break;
                case Opcode.Else when skipped == 0:
                    Else();
                    break;
                case Opcode.End when skipped == 0:
                    End();
                    break;
                case Opcode.End:
                    skipped--;
                    break;
                default:
                    break;
            }
        }
    }
}
