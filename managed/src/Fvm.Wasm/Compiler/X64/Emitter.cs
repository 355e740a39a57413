using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// Writes machine code of one function into a buffer of its own. Jumps within the function go by labels; references to what lies outside
/// (stubs and tables of the same code segment) are written relative to the segment and completed when the function's place is known.
/// </summary>
// Sound: the buffer is owned by this object; Reserve makes room for Room bytes before each Wasm instruction, which needs fewer, and patched
// positions were written before. Targets of CopyTo have room for Size bytes.
internal sealed unsafe partial class Emitter : IMachineCode, IDisposable
{
    /// <summary>Room that <see cref="Reserve"/> makes sure of: more than any one Wasm instruction needs, jump tables apart.</summary>
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

    /// <summary>Bytes written: the place of the next instruction.</summary>
    public int Position => (int)(_cursor - _start);

    int IMachineCode.Size => Position;

    /// <summary>Bytes of the buffer.</summary>
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

    /// <summary>Begins another function.</summary>
    public void Reset()
    {
        _cursor = _start;
        _relocationCount = 0;
        _fixUpCount = 0;
        _useCount = 0;
    }

    /// <summary>Makes room for <see cref="Room"/> bytes and <paramref name="more"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reserve(int more = 0)
    {
        if (_capacity - Position < Room + more)
        {
            Grow(more);
        }
    }

    /// <summary>Copies the code to where it will stay.</summary>
    /// <param name="target">Where to write it.</param>
    /// <param name="offset">Its place in the code segment.</param>
    public void CopyTo(byte* target, int offset)
    {
        foreach (int position in _relocations.AsSpan(0, _relocationCount))
        {
            *(int*)(_start + position) -= offset;
        }

        // Sound: the target has room for the whole code.
        Unsafe.CopyBlockUnaligned(target, _start, (uint)Position);
    }

    /// <summary>Completes the displacements of incoming arguments.</summary>
    public void CompleteFixUps(int displacement)
    {
        foreach (int position in _fixUps.AsSpan(0, _fixUpCount))
        {
            *(int*)(_start + position) += displacement;
        }
    }

    public void Patch(int position, int value) => *(int*)(_start + position) = value;

    /// <summary>Writes a place in the segment, relative to the byte after it.</summary>
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

    /// <summary>Prefixes, opcode and register operand of an instruction on two registers.</summary>
    /// <param name="prefix">Mandatory or size prefix, or 0.</param>
    /// <param name="opcode">Opcode; bytes above the lowest are escapes (0x0fxx, 0x0f38xx, 0x0f3axx).</param>
    /// <param name="width">That of the operands.</param>
    /// <param name="reg">The register or opcode extension in the middle field.</param>
    /// <param name="rm">The register in the last field.</param>
    /// <param name="bytes">Whether a byte register needs a REX prefix to be named (rsi and rdi as sil and dil).</param>
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
        /// <summary>Where the 4 bytes are.</summary>
        public int Position;

        /// <summary>What they are relative to.</summary>
        public int Origin;

        public int Next;
    }
}
