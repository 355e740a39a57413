namespace Fvm.Wasm;

/// <summary>Divisions and remainders, which may trap.</summary>
// Sound: the slots that an instruction names lie in the current frame: the translator counts the frame's slots, and SlowOperations.Enter
// checks that they fit into the stack.
internal static unsafe class IntegerOperations
{
    public static TrapCode I32DivS(ulong* fp, Instruction* ip)
    {
        int left = (int)fp[ip->B];
        int right = (int)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        if (left == int.MinValue && right == -1)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (uint)(left / right);
        return TrapCode.None;
    }

    public static TrapCode I32DivU(ulong* fp, Instruction* ip)
    {
        uint left = (uint)fp[ip->B];
        uint right = (uint)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        fp[ip->A] = (uint)(left / right);
        return TrapCode.None;
    }

    public static TrapCode I32RemS(ulong* fp, Instruction* ip)
    {
        int left = (int)fp[ip->B];
        int right = (int)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        // The minimum divided by -1 overflows, but its remainder is 0.
        fp[ip->A] = right == -1 ? 0 : (uint)(left % right);
        return TrapCode.None;
    }

    public static TrapCode I32RemU(ulong* fp, Instruction* ip)
    {
        uint left = (uint)fp[ip->B];
        uint right = (uint)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        fp[ip->A] = (uint)(left % right);
        return TrapCode.None;
    }

    public static TrapCode I64DivS(ulong* fp, Instruction* ip)
    {
        long left = (long)fp[ip->B];
        long right = (long)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        if (left == long.MinValue && right == -1)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (ulong)(left / right);
        return TrapCode.None;
    }

    public static TrapCode I64DivU(ulong* fp, Instruction* ip)
    {
        ulong left = (ulong)fp[ip->B];
        ulong right = (ulong)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        fp[ip->A] = (ulong)(left / right);
        return TrapCode.None;
    }

    public static TrapCode I64RemS(ulong* fp, Instruction* ip)
    {
        long left = (long)fp[ip->B];
        long right = (long)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        // The minimum divided by -1 overflows, but its remainder is 0.
        fp[ip->A] = right == -1 ? 0 : (ulong)(left % right);
        return TrapCode.None;
    }

    public static TrapCode I64RemU(ulong* fp, Instruction* ip)
    {
        ulong left = (ulong)fp[ip->B];
        ulong right = (ulong)fp[ip->C];
        if (right == 0)
        {
            return TrapCode.IntegerDivisionByZero;
        }

        fp[ip->A] = (ulong)(left % right);
        return TrapCode.None;
    }
}
