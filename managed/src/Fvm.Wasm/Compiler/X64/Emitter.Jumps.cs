namespace Fvm.Wasm;

// Sound: only displacements already written are patched; for the rest, see Emitter.cs.
internal sealed unsafe partial class Emitter
{
    /// <summary>Jumps to a label, bound or not.</summary>
    public void Jump(ref Label label)
    {
        if (label.IsBound)
        {
            int distance = label.Position - (Position + 2);
            if (distance == (sbyte)distance)
            {
                Byte(0xeb);
                Byte(distance);
                return;
            }
        }

        Byte(0xe9);
        Use(ref label, Position + 4);
    }

    public void JumpIf(Condition condition, ref Label label)
    {
        if (label.IsBound)
        {
            int distance = label.Position - (Position + 2);
            if (distance == (sbyte)distance)
            {
                Byte(0x70 | (int)condition);
                Byte(distance);
                return;
            }
        }

        Byte(0x0f);
        Byte(0x80 | (int)condition);
        Use(ref label, Position + 4);
    }

    /// <summary>Writes an entry of a jump table: the label's distance from <paramref name="origin"/>.</summary>
    public void TableEntry(ref Label label, int origin) => Use(ref label, origin);

    /// <summary>Binds a label to the next instruction.</summary>
    public void Bind(ref Label label)
    {
        int here = Position;
        for (int use = label.LastUse; use >= 0; use = _uses[use].Next)
        {
            *(int*)(_start + _uses[use].Position) = here - _uses[use].Origin;
        }

        label.Position = here;
    }

    /// <summary>A short (8-bit) forward jump. Returns its position, for <see cref="Land"/>.</summary>
    public int Skip(Condition condition)
    {
        Byte(0x70 | (int)condition);
        Byte(0);
        return Position;
    }

    /// <summary>An unconditional <see cref="Skip(Condition)"/>.</summary>
    public int Skip()
    {
        Byte(0xeb);
        Byte(0);
        return Position;
    }

    /// <summary>Binds a short jump to the next instruction.</summary>
    public void Land(int skip) => _start[skip - 1] = checked((byte)(sbyte)(Position - skip));

    /// <summary>Jumps back to an earlier position.</summary>
    public void JumpBackIf(Condition condition, int position)
    {
        Byte(0x0f);
        Byte(0x80 | (int)condition);
        Int32(position - (Position + 4));
    }

    /// <summary>Jumps to an offset in the code segment.</summary>
    public void JumpToSegment(int target)
    {
        Byte(0xe9);
        Relocation(target);
    }

    public void JumpToSegmentIf(Condition condition, int target)
    {
        Byte(0x0f);
        Byte(0x80 | (int)condition);
        Relocation(target);
    }

    public void CallSegment(int target)
    {
        Byte(0xe8);
        Relocation(target);
    }

    /// <summary>Calls through a slot of the code segment.</summary>
    public void CallSlot(int slot)
    {
        Byte(0xff);
        Byte(0x15);
        Relocation(slot);
    }

    /// <summary>Jumps through a slot of the code segment.</summary>
    public void JumpSlot(int slot)
    {
        Byte(0xff);
        Byte(0x25);
        Relocation(slot);
    }

    /// <summary>Loads the address of an offset in the code segment.</summary>
    public void LeaSegment(Register to, int target)
    {
        Byte(0x48 | (((int)to & 8) >> 1));
        Byte(0x8d);
        Byte(0x05 | (((int)to & 7) << 3));
        Relocation(target);
    }

    /// <summary>Loads the address of a label in this function.</summary>
    public void LeaLabel(Register to, ref Label label)
    {
        Byte(0x48 | (((int)to & 8) >> 1));
        Byte(0x8d);
        Byte(0x05 | (((int)to & 7) << 3));
        Use(ref label, Position + 4);
    }

    public void JumpTo(Register target) => Registers(0, 0xff, Width.W32, 4, (int)target);

    public void CallTo(Register target) => Registers(0, 0xff, Width.W32, 2, (int)target);

    public void CallTo(in Address target) => Memory(0, 0xff, Width.W32, 2, in target);

    public void Return() => Byte(0xc3);

    private void Use(ref Label label, int origin)
    {
        if (label.IsBound)
        {
            Int32(label.Position - origin);
            return;
        }

        if (_useCount == _uses.Length)
        {
            Array.Resize(ref _uses, _useCount * 2);
        }

        _uses[_useCount] = new LabelUse { Position = Position, Origin = origin, Next = label.LastUse };
        label.LastUse = _useCount++;
        Int32(0);
    }
}
