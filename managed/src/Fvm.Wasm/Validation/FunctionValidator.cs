using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Checks the types of function bodies by the algorithm in the appendix of the Wasm specification: a stack of operand types and a stack of
/// open blocks. Linear in the body's size, and without recursion. One partial file per family of instructions.
/// </summary>
internal sealed partial class FunctionValidator
{
    /// <summary>The polymorphic operand type of unreachable code: it matches any type.</summary>
    private const ValueKind Unknown = 0;

    private readonly WasmModule _module;
    private readonly ImmutableArray<Global> _globals;
    private readonly LocalTypes _locals = new();
    private ValueKind[] _operands = new ValueKind[256];
    private int _operandCount;
    private ValidationFrame[] _frames = new ValidationFrame[32];
    private int _frameCount;

    /// <param name="module">A module whose other sections are valid.</param>
    /// <param name="globals">The types of its globals.</param>
    public FunctionValidator(WasmModule module, ImmutableArray<Global> globals)
    {
        _module = module;
        _globals = globals;
    }

    /// <summary>Checks all bodies of a module whose other sections are valid.</summary>
    /// <exception cref="InvalidModuleException">A body is malformed or invalid.</exception>
    public static void ValidateAll(WasmModule module) => ValidateAll(module, module.Globals);

    /// <summary>Checks all bodies of a module, with other types for its globals.</summary>
    /// <exception cref="InvalidModuleException">A body is invalid with these types.</exception>
    public static void ValidateAll(WasmModule module, ImmutableArray<Global> globals)
    {
        FunctionValidator validator = new(module, globals);
        ReadOnlySpan<byte> bytes = module.Bytes.Span;
        foreach (FunctionBody body in module.Bodies)
        {
            validator.Validate(bytes, body);
        }
    }

    /// <summary>Begins a body: each of its instructions is to be given to <see cref="CheckNext"/>.</summary>
    public void Begin(FunctionBody body)
    {
        FunctionType type = _module.Types[body.TypeIndex];
        _locals.Reset(type.Parameters, body.LocalGroups);
        _operandCount = 0;
        _frameCount = 0;
        PushFrame(Opcode.Block, type.Result);
    }

    /// <summary>Checks the next instruction of the body.</summary>
    /// <exception cref="InvalidModuleException">It is invalid.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CheckNext(ref InstructionReader instruction)
    {
        if (_frameCount == 0)
        {
            throw instruction.Error("instructions after the end of the function");
        }

        Check(ref instruction);
    }

    /// <summary>Checks that the last instruction has ended the body.</summary>
    /// <exception cref="InvalidModuleException">It has not.</exception>
    public void CheckEnded(FunctionBody body)
    {
        if (_frameCount != 0)
        {
            throw new InvalidModuleException("function body without its end", "code", body.CodeEnd);
        }
    }

    private void Validate(ReadOnlySpan<byte> bytes, FunctionBody body)
    {
        Begin(body);
        InstructionReader instruction = new(bytes, body);
        while (instruction.MoveNext())
        {
            CheckNext(ref instruction);
        }

        CheckEnded(body);
    }

    private void Check(ref InstructionReader instruction)
    {
        switch (instruction.Traits.Family)
        {
            case OpcodeFamily.IntegerTest or OpcodeFamily.IntegerComparison or OpcodeFamily.FloatComparison:
            case OpcodeFamily.IntegerUnary or OpcodeFamily.IntegerBinary or OpcodeFamily.FloatUnary or OpcodeFamily.FloatBinary:
            case OpcodeFamily.Truncation or OpcodeFamily.Conversion or OpcodeFamily.Reinterpretation:
                PopOperands(ref instruction);
                Push(instruction.Traits.Result);
                break;
            case OpcodeFamily.Local:
                CheckLocal(ref instruction);
                break;
            case OpcodeFamily.Constant:
                Push(instruction.Traits.Result);
                break;
            case OpcodeFamily.Load or OpcodeFamily.Store:
                CheckAccess(ref instruction);
                break;
            case OpcodeFamily.Control:
                CheckControl(ref instruction);
                break;
            case OpcodeFamily.Global when instruction.Opcode == Opcode.GlobalGet:
                Push(GlobalAt(ref instruction).Type);
                break;
            case OpcodeFamily.Global when instruction.Opcode == Opcode.GlobalSet:
                CheckGlobalSet(ref instruction);
                break;
            case OpcodeFamily.Parametric when instruction.Opcode == Opcode.Drop:
                PopAny(ref instruction);
                break;
            case OpcodeFamily.Parametric when instruction.Opcode == Opcode.Select:
                CheckSelect(ref instruction);
                break;
            case OpcodeFamily.Memory:
                CheckMemory(ref instruction);
                break;
            case OpcodeFamily.Table:
                CheckTable(ref instruction);
                break;
            default:
                // ref.null and ref.func: the reference's stack limiter refuses them in function bodies.
                throw instruction.Error("instruction is not supported in function bodies");
        }
    }

    private void CheckLocal(ref InstructionReader instruction)
    {
        ValueKind local = LocalAt(ref instruction);
        if (instruction.Traits.Pops != 0)
        {
            Pop(ref instruction, local);
        }

        if (instruction.Traits.Pushes != 0)
        {
            Push(local);
        }
    }

    private ValueKind LocalAt(ref InstructionReader instruction)
    {
        if (instruction.Index >= (uint)_locals.Count)
        {
            throw instruction.Error($"unknown local {instruction.Index}");
        }

        return _locals[(int)instruction.Index];
    }

    private GlobalType GlobalAt(ref InstructionReader instruction)
    {
        if (instruction.Index >= (uint)_globals.Length)
        {
            throw instruction.Error($"unknown global {instruction.Index}");
        }

        return _globals[(int)instruction.Index].Type;
    }

    private void CheckGlobalSet(ref InstructionReader instruction)
    {
        GlobalType global = GlobalAt(ref instruction);
        if (!global.Mutable)
        {
            throw instruction.Error("global is immutable");
        }

        Pop(ref instruction, global.Type);
    }

    private void CheckSelect(ref InstructionReader instruction)
    {
        Pop(ref instruction, ValueKind.I32);
        ValueKind second = PopAny(ref instruction);
        ValueKind first = PopAny(ref instruction);
        if (first == ValueKind.FuncRef || second == ValueKind.FuncRef)
        {
            throw instruction.Error("type mismatch: select takes numbers only");
        }

        if (first != second && first != Unknown && second != Unknown)
        {
            throw instruction.Error("type mismatch: operands of select have different types");
        }

        Push(first == Unknown ? second : first);
    }

    /// <summary>Pops the operands that the instruction's row lists.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PopOperands(ref InstructionReader instruction)
    {
        ref readonly OpcodeTraits traits = ref instruction.Traits;
        if (traits.Top != ValueKind.Empty)
        {
            Pop(ref instruction, traits.Top);
        }

        if (traits.Second != ValueKind.Empty)
        {
            Pop(ref instruction, traits.Second);
        }

        if (traits.Third != ValueKind.Empty)
        {
            Pop(ref instruction, traits.Third);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(ValueKind kind)
    {
        if (_operandCount == _operands.Length)
        {
            Array.Resize(ref _operands, _operandCount * 2);
        }

        _operands[_operandCount++] = kind;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pop(ref InstructionReader instruction, ValueKind expected)
    {
        int top = _operandCount - 1;
        if (top >= _frames[_frameCount - 1].Height && _operands[top] == expected)
        {
            _operandCount = top;
            return;
        }

        PopSlow(ref instruction, expected);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PopSlow(ref InstructionReader instruction, ValueKind expected)
    {
        ValueKind actual = PopAny(ref instruction);
        if (actual != expected && actual != Unknown)
        {
            throw instruction.Error($"type mismatch: expected {expected}, found {actual}");
        }
    }

    private ValueKind PopAny(ref InstructionReader instruction)
    {
        ref ValidationFrame frame = ref _frames[_frameCount - 1];
        if (_operandCount == frame.Height)
        {
            return frame.Unreachable ? Unknown : throw instruction.Error("type mismatch: nothing is on the stack");
        }

        return _operands[--_operandCount];
    }

    private void PopResult(ref InstructionReader instruction, ValueKind result)
    {
        if (result != ValueKind.Empty)
        {
            Pop(ref instruction, result);
        }
    }

    private void PushResult(ValueKind result)
    {
        if (result != ValueKind.Empty)
        {
            Push(result);
        }
    }
}
