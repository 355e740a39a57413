using Fvm.Crypto;

namespace Fvm.Tracing;

/// <content>Arithmetic, memory, storage, and events.</content>
internal sealed partial class EvmRun
{
    private void Calculate(byte opcode)
    {
        int operands = opcode switch
        {
            0x08 or 0x09 => 3,
            0x15 or 0x19 => 1,
            0x1e when _replay.Rules.CountsZeros => 1,
            <= 0x0b or (>= 0x10 and <= 0x1d) => 2,
            _ => throw new EvmFault(EvmFault.UndefinedInstruction),
        };
        Stack.Need(operands);
        EthWord a = Stack.Pop();
        EthWord b = operands > 1 ? Stack.Pop() : default;
        EthWord c = operands > 2 ? Stack.Pop() : default;
        Stack.Push(opcode switch
        {
            0x01 => EvmArithmetic.Add(a, b),
            0x02 => EvmArithmetic.Multiply(a, b),
            0x03 => EvmArithmetic.Subtract(a, b),
            0x04 => EvmArithmetic.Divide(a, b),
            0x05 => EvmArithmetic.DivideSigned(a, b),
            0x06 => EvmArithmetic.Modulo(a, b),
            0x07 => EvmArithmetic.ModuloSigned(a, b),
            0x08 => EvmArithmetic.AddModulo(a, b, c),
            0x09 => EvmArithmetic.MultiplyModulo(a, b, c),
            0x0a => EvmArithmetic.Power(a, b),
            0x0b => EvmArithmetic.SignExtend(a, b),
            0x10 => EvmArithmetic.Of(EvmArithmetic.IsLess(a, b)),
            0x11 => EvmArithmetic.Of(EvmArithmetic.IsLess(b, a)),
            0x12 => EvmArithmetic.Of(EvmArithmetic.IsLessSigned(a, b)),
            0x13 => EvmArithmetic.Of(EvmArithmetic.IsLessSigned(b, a)),
            0x14 => EvmArithmetic.Of(a == b),
            0x15 => EvmArithmetic.Of(a.IsZero),
            0x16 => EvmArithmetic.And(a, b),
            0x17 => EvmArithmetic.Or(a, b),
            0x18 => EvmArithmetic.Xor(a, b),
            0x19 => EvmArithmetic.Not(a),
            0x1a => EvmArithmetic.Byte(a, b),
            0x1b => EvmArithmetic.ShiftLeft(a, b),
            0x1c => EvmArithmetic.ShiftRight(a, b),
            0x1d => EvmArithmetic.ShiftRightSigned(a, b),
            _ => EvmArithmetic.Of((ulong)EvmArithmetic.LeadingZeros(a)),
        });
    }

    private void Access(byte opcode)
    {
        switch (opcode)
        {
            case 0x50:
                Stack.Need(1);
                Stack.Pop();
                break;
            case 0x51:
                Stack.Need(1);
                Stack.Push(EthWord.Of(Memory.Region(Stack.Pop(), EvmArithmetic.Of(EthWord.Length))));
                break;
            case 0x52:
                Stack.Need(2);
                EthWord at = Stack.Pop();
                Stack.Pop().ToBytes().CopyTo(Memory.Region(at, EvmArithmetic.Of(EthWord.Length)));
                break;
            case 0x53:
                Stack.Need(2);
                EthWord place = Stack.Pop();
                byte low = unchecked((byte)Stack.Pop().Low);
                Memory.Region(place, EvmArithmetic.Of(1))[0] = low;
                break;
            case EvmOpcodes.SLoad or EvmOpcodes.SStore:
                AccessStorage(isWrite: opcode == EvmOpcodes.SStore);
                break;
            case 0x58:
                Stack.Push(EvmArithmetic.Of((ulong)Pc));
                break;
            case 0x59:
                Stack.Push(EvmArithmetic.Of((ulong)Memory.Length));
                break;
            case 0x5a:
                Stack.Reserve();
                Stack.Push(EvmArithmetic.Of(TakeGas()));
                break;
            case EvmOpcodes.JumpDestination:
                break;
            case 0x5c or 0x5d when _replay.Rules.HasTransients:
                AccessTransients(isWrite: opcode == 0x5d);
                break;
            case 0x5e when _replay.Rules.CopiesMemory:
                CopyMemory();
                break;
            default:
                throw new EvmFault(EvmFault.UndefinedInstruction);
        }
    }

    private void AccessStorage(bool isWrite)
    {
        Stack.Need(isWrite ? 2 : 1);
        EthWord key = Stack.Pop();
        if (isWrite)
        {
            EthWord written = Stack.Pop();
            RefuseWrites();
            _replay.World.Store(Frame.Actor, key, written);
            Show(key, written);
        }
        else
        {
            EthWord value = _replay.World.Load(Frame.Actor, key);
            Stack.Push(value);
            Show(key, value);
        }

        _cursor.SkipBlocks();
    }

    private void Show(in EthWord key, in EthWord value)
    {
        if (_replay.Sink is not null)
        {
            Slots = _replay.World.ShownBy(Frame.Actor);
            Slots[key] = value;
        }
    }

    private void AccessTransients(bool isWrite)
    {
        Stack.Need(isWrite ? 2 : 1);
        EthWord key = Stack.Pop();
        if (isWrite)
        {
            EthWord written = Stack.Pop();
            RefuseWrites();
            _replay.World.StoreTransient(Frame.Actor, key, written);
        }
        else
        {
            Stack.Push(_replay.World.LoadTransient(Frame.Actor, key));
        }

        _cursor.SkipBlocks();
    }

    private void CopyMemory()
    {
        Stack.Need(3);
        EthWord to = Stack.Pop();
        EthWord from = Stack.Pop();
        EthWord size = Stack.Pop();

        // The first region may move when the memory grows for the second.
        _ = Memory.Region(from, size);
        Span<byte> target = Memory.Region(to, size);
        Memory.Region(from, size).CopyTo(target);
    }

    private void CopyFrom(ReadOnlySpan<byte> data)
    {
        Stack.Need(3);
        Memory.Copy(Stack.Pop(), offsetOf: Stack.Pop(), size: Stack.Pop(), data);
    }

    private void CopyReturned()
    {
        Stack.Need(3);
        EthWord to = Stack.Pop();
        EthWord from = Stack.Pop();
        Span<byte> region = Memory.Region(to, Stack.Pop());
        if (from.High != 0 || from.Low > (UInt128)Returned.Length || (int)from.Low + (long)region.Length > Returned.Length)
        {
            throw new EvmFault(EvmFault.IllegalMemoryAccess);
        }

        Returned.Span.Slice((int)from.Low, region.Length).CopyTo(region);
    }

    private void Hash()
    {
        Stack.Need(2);
        byte[] digest = Keccak256.Hash(Memory.Region(Stack.Pop(), Stack.Pop()));
        _cursor.TakeHash(digest);
        Stack.Push(EthWord.Of(digest));
    }

    // From network version 21 on the syscall has the values of the entries: the topics, then the data.
    private void Log(int topics)
    {
        Stack.Need(topics + 2);
        EthWord offset = Stack.Pop();
        EthWord size = Stack.Pop();
        byte[] values = new byte[topics * EthWord.Length];
        for (int topic = 0; topic < topics; topic++)
        {
            Stack.Pop().ToBytes().CopyTo(values, topic * EthWord.Length);
        }

        RefuseWrites();
        ReadOnlySpan<byte> data = Memory.Region(offset, size);
        SyscallEvent emitted = _cursor.Take("event.emit_event");
        if (emitted.Error is not null) throw new EvmFault(null);

        bool isEncoded = emitted.Arguments.Count == 2;
        ReadOnlySpan<byte> real = emitted.Input.Span;
        if (!isEncoded && !(real.Length == values.Length + data.Length && real.StartsWith(values) && real.EndsWith(data)))
        {
            throw new OpcodeReplayException("it emits an event that differs from the real run's");
        }
    }

    private void RefuseWrites()
    {
        if (Frame.IsReadOnly)
        {
            throw new EvmFault(EvmFault.ReadOnly);
        }
    }
}
