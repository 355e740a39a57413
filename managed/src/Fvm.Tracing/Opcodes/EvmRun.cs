namespace Fvm.Tracing;

/// <summary>
/// Runs the program of a frame again as the EVM actor does (builtin-actors: actors/evm/src/interpreter). Whatever comes from outside is taken
/// from the syscalls of the real run, in their order, and compared with them.
/// </summary>
internal sealed partial class EvmRun
{
    private readonly MessageReplay _replay;
    private readonly TracedCall _record;
    private readonly SyscallCursor _cursor;
    private readonly bool[] _jumps;
    private bool _isOpen;
    private bool _hasEnded;
    private ReadOnlyMemory<byte> _output;
    private EthWord? _randomness;

    public EvmRun(MessageReplay replay, TracedCall record, SyscallCursor cursor, EvmFrame frame)
    {
        _replay = replay;
        _record = record;
        _cursor = cursor;
        Frame = frame;
        Memory = new EvmMemory(replay.Memory);
        GasLeft = cursor.Gas;
        _jumps = JumpsOf(frame.Code.Span);
    }

    public EvmFrame Frame { get; }

    public EvmStack Stack { get; } = new();

    public EvmMemory Memory { get; }

    /// <summary>What the last call returned.</summary>
    public ReadOnlyMemory<byte> Returned { get; private set; }

    /// <summary>The place in the code.</summary>
    public int Pc { get; private set; }

    /// <summary>The frame's remaining gas, whole, where it is known last.</summary>
    public ulong GasLeft { get; private set; }

    /// <summary>The slots to show with a step; null for none.</summary>
    public SortedDictionary<EthWord, EthWord>? Slots { get; private set; }

    private ReadOnlySpan<byte> Code => Frame.Code.Span;

    /// <summary>Runs the program to its end.</summary>
    /// <returns>What it returned.</returns>
    /// <exception cref="EvmFault">It failed, or reverted; then <see cref="Output"/> is what it returned.</exception>
    /// <exception cref="EvmAborted">The machine ended it.</exception>
    /// <exception cref="OpcodeReplayException">It differs from the real run.</exception>
    public ReadOnlyMemory<byte> Run()
    {
        try
        {
            while (!_hasEnded)
            {
                RunStep();
            }
        }
        finally
        {
            Memory.Release();
        }

        return _output;
    }

    /// <summary>What it returned.</summary>
    public ReadOnlyMemory<byte> Output => _output;

    private void RunStep()
    {
        byte opcode = Pc < Code.Length ? Code[Pc] : EvmOpcodes.Stop;
        _replay.CountStep();
        Slots = null;
        _isOpen = true;
        _replay.Sink?.Begin(this, opcode);
        try
        {
            // How far the machine came behind the last syscall is not known.
            if (_cursor.IsCutShort && !_cursor.HasMore) throw new EvmAborted();

            Execute(opcode);
            EndStep(null);
        }
        catch (EvmFault fault)
        {
            // To Geth, REVERT is an opcode that did what it is for.
            EndStep(fault.Code == EvmFault.Reverted ? null : EthErrors.OfContract(fault.Code ?? _record.ExitCode.Value));
            throw;
        }
        catch (EvmAborted)
        {
            EndStep(EthErrors.OfContract(_record.ExitCode.Value));
            throw;
        }
        catch (OpcodeReplayException exception) when (exception.Place is null)
        {
            throw exception.At($"{EvmOpcodes.NameOf(opcode)} at {Pc} of {Frame.Address}, depth {Frame.Depth}");
        }
    }

    // Before the calls in a step, too: their steps come behind it.
    private void EndStep(string? error)
    {
        if (!_isOpen) return;

        _isOpen = false;
        ulong gas = _cursor.Gas;
        ulong cost = GasLeft > gas ? GasLeft - gas : 0;
        _replay.Sink?.End(this, cost, error);
        GasLeft = gas;
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case >= EvmOpcodes.Push0 and <= EvmOpcodes.Push32:
                PushCode(opcode - EvmOpcodes.Push0);
                return;
            case >= EvmOpcodes.Dup1 and <= EvmOpcodes.Dup16:
                Stack.Duplicate(opcode - EvmOpcodes.Dup1 + 1);
                break;
            case >= EvmOpcodes.Swap1 and <= EvmOpcodes.Swap16:
                Stack.Swap(opcode - EvmOpcodes.Swap1 + 1);
                break;
            case >= EvmOpcodes.Log0 and <= EvmOpcodes.Log4:
                Log(opcode - EvmOpcodes.Log0);
                break;
            case 0x56 or 0x57:
                Jump(isConditional: opcode == 0x57);
                return;
            case < 0x20:
                if (opcode == EvmOpcodes.Stop)
                {
                    _hasEnded = true;
                    return;
                }

                Calculate(opcode);
                break;
            case < 0x50:
                ReadEnvironment(opcode);
                break;
            case < 0x60:
                Access(opcode);
                break;
            default:
                if (ExecuteSystem(opcode)) return;

                break;
        }

        Pc++;
    }

    // Whether the program ended.
    private bool ExecuteSystem(byte opcode)
    {
        switch (opcode)
        {
            case 0xf0:
            case 0xf5:
                CreateContract(isSalted: opcode == 0xf5);
                return false;
            case 0xf1:
            case 0xf4:
            case 0xfa:
                CallContract(opcode);
                return false;
            case 0xf3:
            case 0xfd:
                Stack.Need(2);
                _output = Memory.Region(Stack.Pop(), Stack.Pop()).ToArray();
                _hasEnded = true;
                return opcode == 0xf3 ? true : throw new EvmFault(EvmFault.Reverted);
            case 0xfe:
                throw new EvmFault(EvmFault.InvalidInstruction);
            case 0xff:
                SelfDestruct();
                _hasEnded = true;
                return true;
            default:
                throw new EvmFault(EvmFault.UndefinedInstruction);
        }
    }

    private void PushCode(int length)
    {
        ReadOnlySpan<byte> rest = Code[Math.Min(Pc + 1, Code.Length)..];
        Span<byte> bytes = stackalloc byte[EthWord.Length];
        bytes = bytes[..length];
        bytes.Clear();
        rest[..Math.Min(length, rest.Length)].CopyTo(bytes);
        Stack.Push(EthWord.Of(bytes));
        Pc += 1 + length;
    }

    private void Jump(bool isConditional)
    {
        Stack.Need(isConditional ? 2 : 1);
        EthWord destination = Stack.Pop();
        if (isConditional && Stack.Pop().IsZero)
        {
            Pc++;
            return;
        }

        if (destination.High != 0 || destination.Low >= (UInt128)_jumps.Length || !_jumps[(int)destination.Low])
        {
            throw new EvmFault(EvmFault.BadJumpDestination);
        }

        Pc = (int)destination.Low;
    }

    private static bool[] JumpsOf(ReadOnlySpan<byte> code)
    {
        bool[] jumps = new bool[code.Length];
        for (int index = 0; index < code.Length; index++)
        {
            byte opcode = code[index];
            jumps[index] = opcode == EvmOpcodes.JumpDestination;
            index += opcode is >= EvmOpcodes.Push1 and <= EvmOpcodes.Push32 ? opcode - EvmOpcodes.Push0 : 0;
        }

        return jumps;
    }
}
