namespace Fvm.Wasm;

/// <summary>
/// Model of the reference's machine stack: bytes of stack per function's frame. The reference limits each instance to 4 MiB of machine
/// stack (engine: <c>max_wasm_stack</c>) in addition to the limiter's count; a recursive function with hundreds of simultaneously live
/// locals reaches the 4 MiB before the limiter's 2,048. The frame is Cranelift's on x86-64: 8 bytes per spilled integer and 16 per spilled
/// floating-point number, return address and frame pointer, and the arguments passed on the stack. Every metered block begins with a call
/// that charges gas, so values live across it survive only in callee-saved registers, which are saved in the frame. Linear in the
/// function's size.
/// </summary>
internal sealed partial class FrameModel
{
    /// <summary>Stack limit of an instance in bytes, less the frames of the reference's own entry.</summary>
    public const int Limit = (4 << 20) - EntryBytes;

    /// <summary>
    /// Maximum ratio of an engine's frame to the model's: the model raises smaller counts to it. An engine with at most 8 bytes of frame per
    /// local, operand and <see cref="SlackSlots"/> never needs more than this multiple of <see cref="Limit"/>.
    /// </summary>
    public const int EngineRatio = 80;

    /// <summary>Slots of an engine's frame in addition to locals and operands.</summary>
    public const int SlackSlots = 64;

    private const int EntryBytes = 512;
    private const int IntegerBytes = 8;
    private const int FloatBytes = 16;

    // Return address and frame pointer; the instance pointer, and alignment.
    private const int LinkBytes = 16;
    private const int FixedBytes = 24;
    private const int IntegerArguments = 4;
    private const int FloatArguments = 8;

    // Upper bound per value of the limiter's count, for a function without many locals.
    private const int PaidBytes = 2048;
    private const int SlackBytes = 512;

    private readonly WasmModule _module;
    private readonly FrameValues _values = new();
    private int _arguments;

    public FrameModel(WasmModule module) => _module = module;

    /// <summary>
    /// Whether a function might take more than 4 MiB / 2,048 per unit of the limiter's count. If no function of a module does, every call
    /// chain reaches the limiter's limit before the 4 MiB, and frames need not be counted.
    /// </summary>
    public static bool IsLarge(WasmModule module, FunctionBody body, uint stackCost) =>
        RawBytes(module, body) + BytesBesidesLocals(stackCost) > (long)PaidBytes * stackCost;

    /// <summary>Whether a function might be large by its locals alone.</summary>
    public static bool MayBeLarge(WasmModule module, FunctionBody body) => RawBytes(module, body) > PaidBytes;

    /// <summary>Frame size, in bytes, of a defined function.</summary>
    public int BytesOf(FunctionBody body, uint stackCost)
    {
        FunctionType type = _module.Types[body.TypeIndex];
        Walk(body, type);
        (int integers, int floats) = _values.Most();
        long frame = FixedBytes + ((long)IntegerBytes * integers) + ((long)FloatBytes * floats);
        frame = ((frame + 15) & ~15L) + ((_arguments + 15) & ~15L) + LinkBytes;
        return (int)Math.Min(Math.Max(frame, LeastBytes(body, stackCost)), 2L * Limit);
    }

    // Lower bound that an engine's own frames require: see EngineRatio.
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

            // Unreachable code is not translated.
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
