using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>Internal code while it is written.</summary>
internal sealed class CodeBuffer
{
    private Instruction[] _words = new Instruction[256];

    /// <summary>Words so far: where the next one goes.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Index of the instruction written last, if its slot A is a result that may still be put elsewhere or be replaced by something that
    /// computes more; -1 otherwise, for example behind a label.
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

    /// <summary>Writes an instruction that has no result, or none that can be moved.</summary>
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

    /// <summary>Takes back the instruction at <see cref="Last"/>, which must be the last word, and returns it.</summary>
    public Instruction TakeLast()
    {
        Count = Last;
        Last = -1;
        return _words[Count];
    }

    /// <summary>Tells that control may arrive here from elsewhere.</summary>
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
