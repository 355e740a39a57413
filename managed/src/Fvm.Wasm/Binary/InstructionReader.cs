using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Walks the instructions of a function body or initialiser without allocating: call <see cref="MoveNext"/>, then read
/// <see cref="Opcode"/> and the immediates of its <see cref="ImmediateKind"/>. Malformed immediates throw
/// <see cref="InvalidModuleException"/>; nothing else is checked here.
/// </summary>
public ref struct InstructionReader
{
    private const int MaxBranchTargets = 128 * 1024;
    private const int AlignmentLimit = ShortImmediates.AlignmentLimit;

    // Opcodes.AllTraits: access to a static field of a type with an initialiser includes a check of whether that has run.
    private readonly ReadOnlySpan<OpcodeTraits> _table;
    private ByteReader _reader;
    private ref readonly OpcodeTraits _traits;

    /// <param name="module">The module's bytes.</param>
    /// <param name="body">The body to walk.</param>
    public InstructionReader(ReadOnlySpan<byte> module, FunctionBody body)
        : this(module, body.CodeStart, body.CodeEnd, "code")
    {
    }

    internal InstructionReader(ReadOnlySpan<byte> module, int start, int end, string section)
    {
        _reader = new ByteReader(module[..end], start, section);
        _table = Opcodes.AllTraits;
    }

    /// <summary>The current instruction.</summary>
    public Opcode Opcode { get; private set; }

    /// <summary>Traits of the current instruction.</summary>
    internal readonly ref readonly OpcodeTraits Traits => ref _traits;

    /// <summary>Offset of the current instruction in the module.</summary>
    public int Offset { get; private set; }

    /// <summary>Offset in the module of the byte after the instruction's immediates, the targets of <c>br_table</c> included.</summary>
    public readonly int NextOffset => _reader.Position;

    /// <summary>Whether the end of the bytes is reached.</summary>
    public readonly bool AtEnd => _reader.AtEnd;

    /// <summary>Label, local, global, function, type or segment; the first of two indices; the number of targets of <c>br_table</c>.</summary>
    public uint Index { get; private set; }

    /// <summary>The second of two indices: the table of <c>call_indirect</c>; source memory or table of a copy; table of <c>table.init</c>.</summary>
    public uint SecondIndex { get; private set; }

    /// <summary>The result type of a block, or <see cref="ValueKind.Empty"/>.</summary>
    public ValueKind BlockType { get; private set; }

    /// <summary>Base-two logarithm of a memory instruction's alignment.</summary>
    public uint Alignment { get; private set; }

    /// <summary>The constant offset of a memory instruction.</summary>
    public uint MemoryOffset { get; private set; }

    /// <summary>A constant's bits; i32 and f32 are zero-extended.</summary>
    public ulong Constant { get; private set; }

    /// <summary>The targets of the current <c>br_table</c>, to be read before the next <see cref="MoveNext"/>.</summary>
    public BranchTargets Targets { get; private set; }

    /// <summary>Reads the next instruction; false at the end of the bytes.</summary>
    /// <remarks>
    /// A function is walked three times before it runs, and nine of ten instructions have no immediates, or one or two of a byte each. Which of these
    /// comes next cannot be predicted, so they are read alike, without a branch: the properties of the other forms are set, too.
    /// </remarks>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> bytes = _reader.Bytes;
        int at = _reader.Position;
        if ((uint)at >= (uint)bytes.Length)
        {
            return false;
        }

        Offset = at;
        int code = bytes[at++];
        ref readonly OpcodeTraits traits = ref _table[code];
        _traits = ref traits;
        Opcode = (Opcode)code;
        _reader.Position = at;
        ReadOnlySpan<byte> rest = bytes[at..];
        if (rest.Length >= sizeof(ushort))
        {
            uint immediates = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (traits.Short.Has(immediates))
            {
                uint first = (byte)immediates;
                Index = first;
                Constant = (uint)((int)(first << 25) >> 25);
                Alignment = first;
                MemoryOffset = immediates >> 8;
                _reader.Position = at + traits.Short.Length;
                return true;
            }
        }

        ReadOther(code);
        return true;
    }

    // The rest of an instruction of any form, after its first byte.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadOther(int code)
    {
        if (code == Opcodes.Prefix)
        {
            uint number = _reader.ReadU32();
            code = number <= 0xff ? (Opcodes.Prefix << 8) | (int)number : 0xffff;
            Opcode = (Opcode)code;
            _traits = ref _table[Opcodes.IndexOf(Opcode)];
        }

        switch (_traits.Immediates)
        {
            case ImmediateKind.None:
                break;
            case ImmediateKind.Index:
                Index = _reader.ReadU32();
                break;
            case ImmediateKind.Memory:
                ReadMemoryArgument();
                break;
            case ImmediateKind.I32:
                Constant = (uint)_reader.ReadS32();
                break;
            case ImmediateKind.I64:
                Constant = (ulong)_reader.ReadS64();
                break;
            case ImmediateKind.F32:
                Constant = _reader.ReadFixed32();
                break;
            case ImmediateKind.F64:
                Constant = _reader.ReadFixed64();
                break;
            case ImmediateKind.Block:
                ReadBlockType();
                break;
            case ImmediateKind.BranchTable:
                ReadBranchTable();
                break;
            case ImmediateKind.IndirectCall:
            case ImmediateKind.TwoIndices:
                Index = _reader.ReadU32();
                SecondIndex = _reader.ReadU32();
                break;
            case ImmediateKind.MemoryIndex:
                ReadZero();
                break;
            case ImmediateKind.DataSegment:
                Index = _reader.ReadU32();
                ReadZero();
                break;
            case ImmediateKind.TwoMemories:
                ReadZero();
                ReadZero();
                break;
            case ImmediateKind.HeapType:
                ReadHeapType();
                break;
            default:
                throw Error(code == 0xffff ? "unknown instruction behind 0xfc" : $"unknown or disabled instruction 0x{code:x2}");
        }
    }

    /// <summary>An exception at the current instruction.</summary>
    public readonly InvalidModuleException Error(string problem) => new(problem, _reader.Section, Offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadBlockType()
    {
        byte type = _reader.ReadByte();
        if (type == (byte)ValueKind.Empty)
        {
            BlockType = ValueKind.Empty;
            return;
        }

        // A type index (bit 6 clear, or more than one byte) belongs to the multi-value proposal, which is off.
        _reader.Position--;
        BlockType = _reader.ReadValueKind();
    }

    private void ReadMemoryArgument()
    {
        Alignment = _reader.ReadU32();
        if (Alignment >= AlignmentLimit)
        {
            throw Error("malformed alignment");
        }

        MemoryOffset = _reader.ReadU32();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadBranchTable()
    {
        Index = (uint)_reader.ReadCount(MaxBranchTargets, "targets of br_table");
        BranchTargets targets = new(_reader, Index + 1);
        Targets = targets;
        for (uint i = 0; i <= Index; i++)
        {
            _reader.ReadU32();
        }
    }

    private void ReadZero()
    {
        if (_reader.ReadByte() != 0)
        {
            throw Error("the memory's index must be the byte zero");
        }
    }

    private void ReadHeapType()
    {
        if (_reader.ReadByte() != (byte)ValueKind.FuncRef)
        {
            throw Error("unsupported heap type");
        }
    }
}
