namespace Fvm.Tracing;

/// <summary>Reads the syscalls of a frame of the real run as its program causes them again, and knows the gas at each.</summary>
internal sealed class SyscallCursor
{
    // What an actor does by itself, whatever the EVM's program is.
    private static readonly string[] Silent =
        ["vm.", "ipld.", "self.root", "self.set_root", "network.context", "debug.", "gas.charge", "actor.next_actor_address"];

    // What only a program does: none of them may be left out.
    private static readonly string[] Binding =
        ["gas.available", "send.send", "actor.balance_of", "self.current_balance", "network.tipset_cid", "rand.", "event.emit_event",
        "crypto.recover_secp_public_key"];

    private readonly TracedCall _call;
    private readonly int _endOfCaused;
    private int _next;

    /// <param name="call">The frame.</param>
    public SyscallCursor(TracedCall call)
    {
        _call = call;
        _endOfCaused = call.Syscalls.FindLastIndex(static syscall => !StartsWithAny(syscall.Event.Name, Silent)) + 1;
        bool exited = call.Syscalls.Exists(static syscall => syscall.Event.Name == "vm.exit");
        IsCutShort = !exited && call.ExitCode is { IsSystemError: true, IsSuccess: false };
    }

    /// <summary>Whether the machine ended the frame, or the actor's own failure: then the log ends where the record does.</summary>
    public bool IsCutShort { get; }

    /// <summary>Remaining gas, whole, at the last syscall.</summary>
    public ulong Gas => _next > 0
        ? _call.Syscalls[_next - 1].Event.GasAfter.RoundDown()
        : _call.Begin.GasLimit;

    /// <summary>Whether the record has syscalls that a program must cause.</summary>
    public bool HasMore => _next < _endOfCaused;

    /// <summary>The next syscall; null at the end.</summary>
    public SyscallEvent? Next => _next < _call.Syscalls.Count ? _call.Syscalls[_next].Event : null;

    /// <summary>Goes behind the syscalls before the program: those up to the lookup of the receiver's delegated address.</summary>
    /// <param name="lookups">The number of lookups until then.</param>
    /// <returns>False if the frame ended before.</returns>
    public bool TrySkipPrologue(int lookups)
    {
        for (int index = 0; index < _call.Syscalls.Count; index++)
        {
            SyscallEvent syscall = _call.Syscalls[index].Event;
            if (syscall.Name == "actor.lookup_delegated_address" && --lookups == 0)
            {
                _next = index + 1;
                return syscall.Returned;
            }
        }

        return false;
    }

    /// <summary>Takes the next syscall of a name, before the next one that the program must have caused.</summary>
    /// <param name="name">The name.</param>
    /// <param name="call">What it called, for a send.</param>
    /// <exception cref="EvmAborted">There is none, as the machine ended the frame.</exception>
    /// <exception cref="OpcodeReplayException">There is none.</exception>
    public SyscallEvent Take(string name, out TracedCall? call)
    {
        for (int index = _next; index < _call.Syscalls.Count; index++)
        {
            (SyscallEvent syscall, call) = _call.Syscalls[index];
            if (syscall.Name == name)
            {
                _next = index + 1;
                return syscall;
            }

            if (IsBinding(syscall)) throw new OpcodeReplayException($"it calls {name} where the real run called {syscall.Name}");
        }

        call = null;
        throw IsCutShort ? new EvmAborted() : new OpcodeReplayException($"it calls {name} where the real run called nothing");
    }

    /// <summary>As the other one, for a syscall that calls nothing, and that returned.</summary>
    public SyscallEvent Take(string name) => Take(name, out _) is { Returned: true } syscall ? syscall : throw new EvmAborted();

    /// <summary>Takes the hash of some data.</summary>
    /// <param name="digest">The expected digest; empty for any.</param>
    public ReadOnlyMemory<byte> TakeHash(ReadOnlySpan<byte> digest)
    {
        while (true)
        {
            SyscallEvent syscall = Take("crypto.hash");
            if (digest.IsEmpty || syscall.Output.Span.SequenceEqual(digest)) return syscall.Output;
        }
    }

    /// <summary>The error with which the parameters of a send became no block, so that nothing was sent.</summary>
    public bool TryFailedBlock(out ErrorNumber error)
    {
        error = default;
        for (int index = _next; index < _call.Syscalls.Count; index++)
        {
            SyscallEvent syscall = _call.Syscalls[index].Event;
            if (syscall is { Name: "ipld.block_create", Error: ErrorNumber found })
            {
                error = found;
                _next = index + 1;
                return true;
            }

            if (IsBinding(syscall)) return false;
        }

        return false;
    }

    /// <summary>Goes behind the blocks that follow: those of a storage's nodes, or of code.</summary>
    public void SkipBlocks()
    {
        while (Next is SyscallEvent syscall && syscall.Name.StartsWith("ipld.", StringComparison.Ordinal))
        {
            _next++;
        }
    }

    /// <summary>A syscall that the program must have caused, and did not; null for none.</summary>
    public SyscallEvent? FindLeft()
    {
        for (int index = _next; index < _call.Syscalls.Count; index++)
        {
            if (IsBinding(_call.Syscalls[index].Event)) return _call.Syscalls[index].Event;
        }

        return null;
    }

    private static bool IsBinding(SyscallEvent syscall) => StartsWithAny(syscall.Name, Binding);

    private static bool StartsWithAny(string name, string[] heads) =>
        Array.Exists(heads, head => name.StartsWith(head, StringComparison.Ordinal));
}
