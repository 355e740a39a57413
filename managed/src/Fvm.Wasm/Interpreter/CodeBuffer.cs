using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>A buffer for the internal code of one function.</summary>
internal sealed class CodeBuffer
{
    private Instruction[] _words = new Instruction[256];

    /// <summary>Number of words so far: the index of the next one.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Index of the last instruction if its result slot A may still be redirected, or the instruction fused into another; -1 otherwise, for
    /// example after a label.
    /// </summary>
    public int Last { get; private set; } = -1;

    public ReadOnlySpan<Instruction> Words => _words.AsSpan(0, Count);

    public ref Instruction this[int index] => ref _words[index];

    public void Clear()
    {
        Count = 0;
        Last = -1;
    }

    /// <summary>Writes an instruction with a result in slot <paramref name="a"/>.</summary>
    public void Result(IrOp op, ushort a, ushort b = 0, ushort c = 0)
    {
        Last = Count;
        Next() = new Instruction { Op = (ushort)op, A = a, B = b, C = c };
    }

    /// <summary>As <see cref="Result(IrOp, ushort, ushort, ushort)"/>, with a constant or index.</summary>
    public void ResultWide(IrOp op, ushort a, int wide)
    {
        Last = Count;
        Next() = new Instruction { Op = (ushort)op, A = a, Wide = wide };
    }

    /// <summary>Writes an instruction without a result, or with one that cannot be redirected.</summary>
    public void Effect(IrOp op, ushort a = 0, ushort b = 0, ushort c = 0)
    {
        Last = -1;
        Next() = new Instruction { Op = (ushort)op, A = a, B = b, C = c };
    }

    /// <summary>As <see cref="Effect(IrOp, ushort, ushort, ushort)"/>, with a constant, index or distance.</summary>
    public void EffectWide(IrOp op, ushort a, int wide)
    {
        Last = -1;
        Next() = new Instruction { Op = (ushort)op, A = a, Wide = wide };
    }

    /// <summary>Writes a further word of the last instruction.</summary>
    public void Word(ulong value) => Next() = new Instruction { Constant = value };

    /// <summary>Removes and returns the instruction at <see cref="Last"/>, which must be the last word.</summary>
    public Instruction TakeLast()
    {
        Count = Last;
        Last = -1;
        return _words[Count];
    }

    /// <summary>Marks a label: control may arrive here from elsewhere.</summary>
    public void Label() => Last = -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Instruction Next()
    {
        if (Count == _words.Length)
        {
            Array.Resize(ref _words, Count * 2);
        }

        return ref _words[Count++];
    }
}
