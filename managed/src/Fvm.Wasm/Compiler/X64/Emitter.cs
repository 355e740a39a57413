using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// Writes the machine code of one function to its own buffer. Jumps within the function use labels; references to stubs and tables of the
/// code segment are relocations, applied when the function's offset in the segment is known.
/// </summary>
// Sound: this object owns the buffer; Reserve ensures Room bytes before each Wasm instruction, which needs fewer; only positions already
// written are patched. Targets of CopyTo have room for Size bytes.
internal sealed unsafe partial class Emitter : IMachineCode, IDisposable
{
    /// <summary>Bytes ensured by <see cref="Reserve"/>: more than any Wasm instruction needs, except for jump tables.</summary>
    public const int Room = 4096;

    private byte* _start;
    private byte* _cursor;
    private int _capacity;
    private int[] _relocations = new int[256];
    private int _relocationCount;
    private int[] _fixUps = new int[64];
    private int _fixUpCount;
    private LabelUse[] _uses = new LabelUse[256];
    private int _useCount;

    public Emitter()
    {
        _capacity = 16 * Room;
        _start = (byte*)NativeMemory.Alloc((nuint)_capacity);
        _cursor = _start;
    }

    /// <summary>Bytes written: the offset of the next instruction.</summary>
    public int Position => (int)(_cursor - _start);

    int IMachineCode.Size => Position;

    /// <summary>Buffer size in bytes.</summary>
    public int Capacity => _capacity;

    public ReadOnlySpan<byte> Written => new(_start, Position);

    public void Dispose()
    {
        NativeMemory.Free(_start);
        _start = null;
        _cursor = null;
        GC.SuppressFinalize(this);
    }

    ~Emitter() => NativeMemory.Free(_start);

    /// <summary>Starts a new function.</summary>
    public void Reset()
    {
        _cursor = _start;
        _relocationCount = 0;
        _fixUpCount = 0;
        _useCount = 0;
    }

    /// <summary>Ensures buffer space for <see cref="Room"/> + <paramref name="more"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reserve(int more = 0)
    {
        if (_capacity - Position < Room + more)
        {
            Grow(more);
        }
    }

    /// <summary>Copies the code to its final address and applies the relocations.</summary>
    /// <param name="target">Writable address of the code.</param>
    /// <param name="offset">Offset of the code in the code segment.</param>
    public void CopyTo(byte* target, int offset)
    {
        foreach (int position in _relocations.AsSpan(0, _relocationCount))
        {
            *(int*)(_start + position) -= offset;
        }

        // Sound: the target has room for the whole code.
        Unsafe.CopyBlockUnaligned(target, _start, (uint)Position);
    }

    /// <summary>Applies the fix-ups: adds the offset of the incoming arguments from the stack pointer to their displacements.</summary>
    public void CompleteFixUps(int displacement)
    {
        foreach (int position in _fixUps.AsSpan(0, _fixUpCount))
        {
            *(int*)(_start + position) += displacement;
        }
    }

    public void Patch(int position, int value) => *(int*)(_start + position) = value;

    /// <summary>Writes a relocation: an offset in the segment, relative to the end of the instruction.</summary>
    private void Relocation(int target, int trailing = 0)
    {
        if (_relocationCount == _relocations.Length)
        {
            Array.Resize(ref _relocations, _relocationCount * 2);
        }

        int position = Position;
        _relocations[_relocationCount++] = position;
        Int32(target - (position + 4 + trailing));
    }

    /// <summary>Writes nops up to the next multiple of <paramref name="alignment"/>, a power of two of at most <see cref="Room"/> / 2.</summary>
    public void Align(int alignment)
    {
        int left = -Position & (alignment - 1);
        while (left > 0)
        {
            // The recommended forms of nop by length (AMD64 manual, volume 3, "NOP").
            ReadOnlySpan<byte> form = left switch
            {
                1 => [0x90],
                2 => [0x66, 0x90],
                3 => [0x0f, 0x1f, 0x00],
                4 => [0x0f, 0x1f, 0x40, 0x00],
                5 => [0x0f, 0x1f, 0x44, 0x00, 0x00],
                6 => [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
                7 => [0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
                8 => [0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
                _ => [0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
            };
            form.CopyTo(new Span<byte>(_cursor, form.Length));
            _cursor += form.Length;
            left -= form.Length;
        }
    }

    private void Byte(int value) => *_cursor++ = (byte)value;

    private void Int32(int value)
    {
        *(int*)_cursor = value;
        _cursor += 4;
    }

    private void Int64(long value)
    {
        *(long*)_cursor = value;
        _cursor += 8;
    }

    private void FixUp(int displacement)
    {
        if (_fixUpCount == _fixUps.Length)
        {
            Array.Resize(ref _fixUps, _fixUpCount * 2);
        }

        _fixUps[_fixUpCount++] = Position;
        Int32(displacement);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        int position = Position;
        _capacity = (2 * _capacity) + more;
        _start = (byte*)NativeMemory.Realloc(_start, (nuint)_capacity);
        _cursor = _start + position;
    }

    /// <summary>Writes an instruction with two register operands: prefixes, opcode, ModR/M byte.</summary>
    /// <param name="prefix">Mandatory or operand-size prefix, or 0.</param>
    /// <param name="opcode">Opcode; bytes above the lowest are escapes (0x0fxx, 0x0f38xx, 0x0f3axx).</param>
    /// <param name="width">Operand width.</param>
    /// <param name="reg">ModR/M reg field: register or opcode extension.</param>
    /// <param name="rm">ModR/M rm field: register.</param>
    /// <param name="bytes">Whether an operand is a byte register, which may need a REX prefix (rsi and rdi as sil and dil).</param>
    private void Registers(int prefix, int opcode, Width width, int reg, int rm, bool bytes = false)
    {
        if (prefix != 0)
        {
            Byte(prefix);
        }

        int rex = ((int)width << 3) | ((reg & 8) >> 1) | ((rm & 8) >> 3);
        if (rex != 0 || bytes)
        {
            Byte(0x40 | rex);
        }

        Opcode(opcode);
        Byte(0xc0 | ((reg & 7) << 3) | (rm & 7));
    }

    private void Memory(int prefix, int opcode, Width width, int reg, in Address at, bool bytes = false)
    {
        if (prefix != 0)
        {
            Byte(prefix);
        }

        int index = at.Index == Register.None ? 0 : (int)at.Index;
        int rex = ((int)width << 3) | ((reg & 8) >> 1) | ((index & 8) >> 2) | (((int)at.Base & 8) >> 3);
        if (rex != 0 || bytes)
        {
            Byte(0x40 | rex);
        }

        Opcode(opcode);
        ModRm(reg, in at);
    }

    private void Opcode(int opcode)
    {
        if (opcode > 0xff)
        {
            if (opcode > 0xffff)
            {
                Byte(opcode >> 16);
            }

            Byte(opcode >> 8);
        }

        Byte(opcode);
    }

    private void ModRm(int reg, in Address at)
    {
        int middle = (reg & 7) << 3;
        int low = (int)at.Base & 7;
        bool indexed = at.Index != Register.None || low == (int)Register.Rsp;
        int mode = at.NeedsFixUp ? 0x80
            : at.Displacement == 0 && low != (int)Register.Rbp ? 0
            : at.Displacement == (sbyte)at.Displacement ? 0x40
            : 0x80;
        if (indexed)
        {
            int index = at.Index == Register.None ? 4 : (int)at.Index & 7;
            Byte(mode | middle | 4);
            Byte((at.Scale << 6) | (index << 3) | low);
        }
        else
        {
            Byte(mode | middle | low);
        }

        if (at.NeedsFixUp)
        {
            FixUp(at.Displacement);
        }
        else if (mode == 0x40)
        {
            Byte(at.Displacement);
        }
        else if (mode == 0x80)
        {
            Int32(at.Displacement);
        }
    }

    private struct LabelUse
    {
        /// <summary>Offset of the 4-byte displacement.</summary>
        public int Position;

        /// <summary>Offset to which the displacement is relative.</summary>
        public int Origin;

        public int Next;
    }
}
