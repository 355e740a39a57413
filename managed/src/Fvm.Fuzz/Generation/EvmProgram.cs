using System.Buffers.Binary;

namespace Fvm.Fuzz;

/// <summary>
/// Writes random EVM programs that know their stack: no operation lacks its operands, memory is accessed at small offsets, storage at few keys,
/// jumps go to destinations; calls go to actors of the state, Ethereum's precompiles and Filecoin's. One in some operations breaks these rules.
/// </summary>
internal sealed class EvmProgram
{
    private const int MaxStack = 64;
    private const int MaxOperations = 60;
    private const byte JumpDestination = 0x5b;

    /// <summary>Operations by their operands, which are taken from the stack as they are: opcode, operands, results.</summary>
    private static readonly (byte Opcode, int Takes, int Gives)[] Plain =
    [
        (0x01, 2, 1), (0x02, 2, 1), (0x03, 2, 1), (0x04, 2, 1), (0x05, 2, 1), (0x06, 2, 1), (0x07, 2, 1), (0x08, 3, 1), (0x09, 3, 1), (0x0a, 2, 1),
        (0x0b, 2, 1), (0x10, 2, 1), (0x11, 2, 1), (0x12, 2, 1), (0x13, 2, 1), (0x14, 2, 1), (0x15, 1, 1), (0x16, 2, 1), (0x17, 2, 1), (0x18, 2, 1),
        (0x19, 1, 1), (0x1a, 2, 1), (0x1b, 2, 1), (0x1c, 2, 1), (0x1d, 2, 1), (0x1e, 1, 1), (0x30, 0, 1), (0x32, 0, 1), (0x33, 0, 1), (0x34, 0, 1),
        (0x35, 1, 1), (0x36, 0, 1), (0x38, 0, 1), (0x3a, 0, 1), (0x3d, 0, 1), (0x40, 1, 1), (0x41, 0, 1), (0x42, 0, 1), (0x43, 0, 1), (0x44, 0, 1),
        (0x45, 0, 1), (0x46, 0, 1), (0x47, 0, 1), (0x48, 0, 1), (0x49, 1, 1), (0x4a, 0, 1), (0x50, 1, 0), (0x58, 0, 1), (0x59, 0, 1),
        (0x5a, 0, 1), (0x5f, 0, 1),
    ];

    private readonly List<byte> _code = [];
    private readonly FuzzRandom _random;
    private readonly ValueSource _values;
    private int _stack;

    private EvmProgram(FuzzRandom random, ValueSource values)
    {
        _random = random;
        _values = values;
    }

    /// <summary>Code that creates a contract: it returns a program, after some operations of its own.</summary>
    public static byte[] Initcode(FuzzRandom random, ValueSource values)
    {
        byte[] runtime = Runtime(random, values);
        EvmProgram start = new(random, values);
        int operations = random.OneIn(3) ? random.Below(12) : 0;
        for (int index = 0; index < operations; index++)
        {
            start.Operation();
        }

        // PUSH2 length, PUSH2 offset, PUSH0, CODECOPY, PUSH2 length, PUSH0, RETURN; PUSH1 0 instead of PUSH0, which network version 19 lacks.
        int offset = start._code.Count + 15;
        start._code.AddRange(
        [
            0x61, (byte)(runtime.Length >> 8), (byte)runtime.Length, 0x61, (byte)(offset >> 8), (byte)offset, 0x60, 0, 0x39,
            0x61, (byte)(runtime.Length >> 8), (byte)runtime.Length, 0x60, 0, 0xf3,
        ]);
        return [.. start._code, .. runtime];
    }

    /// <summary>The code of a contract.</summary>
    public static byte[] Runtime(FuzzRandom random, ValueSource values)
    {
        EvmProgram program = new(random, values);
        int operations = 1 + random.Below(MaxOperations);
        for (int index = 0; index < operations; index++)
        {
            program.Operation();
        }

        program.End();
        return [.. program._code];
    }

    private void Operation()
    {
        switch (_random.Below(20))
        {
            case < 7:
                (byte opcode, int takes, int gives) = _random.Pick<(byte, int, int)>(Plain);
                Need(takes);
                Append(opcode, gives - takes);
                break;
            case 7:
                Word();
                break;
            case 8:
                Append((byte)(0x80 + Deepen(_random.Below(16), 1)), 1);     // DUP
                break;
            case 9:
                Append((byte)(0x90 + Deepen(_random.Below(15), 2)), 0);     // SWAP
                break;
            case 10:
                Memory();
                break;
            case 11 or 12:
                Storage();
                break;
            case 13:
                Copy();
                break;
            case 14:
                Log();
                break;
            case 15 or 16:
                Call();
                break;
            case 17:
                Branch();
                break;
            case 18:
                Range();
                Append(0x20, -1);                                           // KECCAK256
                break;
            default:
                Rare();
                break;
        }

        while (_stack > MaxStack)
        {
            Append(0x50, -1);
        }
    }

    private void Rare()
    {
        switch (_random.Below(6))
        {
            case 0:
                Address();
                Append(_random.Pick<byte>([0x31, 0x3b, 0x3f]), 0);          // BALANCE, EXTCODESIZE, EXTCODEHASH
                break;
            case 1:
                Create();
                break;
            case 2:
                _code.Add((byte)_random.Next());                          // any byte, whatever it does to the stack
                break;
            case 3:
                Small(300);
                Append(0x56, -1);                                           // JUMP to anywhere
                _code.Add(JumpDestination);
                break;
            case 4:
                Address();
                Append(0xff, -1);                                           // SELFDESTRUCT
                break;
            default:
                Word();
                Word();
                Append(0x53, -2);                                           // MSTORE8 at any offset
                break;
        }
    }

    private void Memory()
    {
        if (_random.OneIn(3))
        {
            Small(512);
            Append(0x51, 0);                                                // MLOAD
            return;
        }

        Need(1);
        Small(512);
        Append(_random.OneIn(3) ? (byte)0x53 : (byte)0x52, -2);             // MSTORE8, MSTORE
    }

    private void Storage()
    {
        bool transient = _random.OneIn(4);
        if (_random.OneIn(3))
        {
            Small(5);
            Append(transient ? (byte)0x5c : (byte)0x54, 0);                 // TLOAD, SLOAD
            return;
        }

        Need(1);
        if (_random.OneIn(3))
        {
            Small(2);
        }

        Small(5);
        Append(transient ? (byte)0x5d : (byte)0x55, -2);                    // TSTORE, SSTORE
    }

    private void Copy()
    {
        Small(200);
        Small(300);
        Small(512);
        switch (_random.Below(5))
        {
            case 0:
                Address();
                Append(0x3c, -4);                                           // EXTCODECOPY
                break;
            case int which:
                Append(which switch { 1 => 0x37, 2 => 0x39, 3 => 0x3e, _ => 0x5e }, -3);
                break;
        }
    }

    private void Log()
    {
        int topics = _random.Below(5);
        for (int index = 0; index < topics; index++)
        {
            Word();
        }

        Range();
        Append((byte)(0xa0 + topics), -2 - topics);
    }

    // CALL, CALLCODE, DELEGATECALL, STATICCALL.
    private void Call()
    {
        byte opcode = _random.Pick<byte>([0xf1, 0xf1, 0xf4, 0xfa, 0xf1, 0xf2]);
        bool hasValue = opcode is 0xf1 or 0xf2;
        if (_random.OneIn(2))
        {
            Arguments();
        }

        Range();
        Range();
        if (hasValue)
        {
            Small(_random.OneIn(3) ? 1_000 : 1);
        }

        Address();
        if (_random.OneIn(3))
        {
            Word();
        }
        else
        {
            Append(0x5a, 1);                                                // GAS
        }

        Append(opcode, hasValue ? -6 : -5);
    }

    // Arguments of Filecoin's precompiles: method, value, flags, codec, and offsets, in words.
    private void Arguments()
    {
        for (int word = 0; word < 8; word++)
        {
            Word();
            Push([(byte)(word * 32)]);
            Append(0x52, -2);
        }
    }

    private void Create()
    {
        bool salted = _random.OneIn(2);
        if (salted)
        {
            Word();
        }

        Range();
        Small(1);
        Append(salted ? (byte)0xf5 : (byte)0xf0, salted ? -3 : -2);
    }

    // A forward jump over some operations, with one stack height at its destination: what they leave is dropped.
    private void Branch()
    {
        Need(1);
        int at = _code.Count + 1;
        Push([0, 0]);
        Append(0x57, -2);                                                   // JUMPI
        int height = _stack;
        int inner = _random.Below(4);
        for (int index = 0; index < inner; index++)
        {
            (byte opcode, int takes, int gives) = _random.Pick<(byte, int, int)>(Plain);
            if (_stack - takes < height)
            {
                Small(100);
                continue;
            }

            Append(opcode, gives - takes);
        }

        while (_stack > height)
        {
            Append(0x50, -1);
        }

        _code[at] = (byte)(_code.Count >> 8);
        _code[at + 1] = (byte)_code.Count;
        Append(JumpDestination, 0);
    }

    private void End()
    {
        switch (_random.Below(6))
        {
            case 0:
                _code.Add(0x00);                                          // STOP
                break;
            case 1:
                Range();
                _code.Add(0xfd);                                          // REVERT
                break;
            case 2:
                _code.Add(0xfe);                                          // INVALID
                break;
            default:
                Range();
                _code.Add(0xf3);                                          // RETURN
                break;
        }
    }

    private void Range()
    {
        Small(300);
        Small(512);
    }

    private void Address() => Push(_random.Below(5) switch
    {
        0 => [(byte)_random.Below(12)],
        1 => [0xfe, .. new byte[18], (byte)_random.Below(8)],
        _ => _values.EthereumAddress(),
    });

    private void Word()
    {
        switch (_random.Below(4))
        {
            case 0:
                Push(_random.Bytes(32));
                break;
            case 1:
                byte[] wide = new byte[32];
                wide.AsSpan().Fill((byte)(_random.OneIn(2) ? 0xff : 0));
                wide[_random.Below(32)] ^= (byte)(1 << _random.Below(8));
                Push(wide);
                break;
            default:
                byte[] number = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(number, _random.Integer());
                Push(number);
                break;
        }
    }

    private void Small(int limit)
    {
        int value = _random.OneIn(60) ? (int)_random.Integer() & 0xffffff : _random.Below(limit);
        Push(value < 256 ? [(byte)value] : [(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
    }

    private void Push(byte[] value)
    {
        _code.Add((byte)(0x5f + value.Length));
        _code.AddRange(value);
        _stack++;
    }

    private void Need(int operands)
    {
        while (_stack < operands)
        {
            Word();
        }
    }

    // The greatest depth that the stack has, made deep enough for an operation on so many words.
    private int Deepen(int depth, int words)
    {
        Need(words);
        return Math.Min(depth, _stack - words);
    }

    private void Append(byte opcode, int change)
    {
        _code.Add(opcode);
        _stack += change;
    }
}
