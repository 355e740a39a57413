namespace Fvm;

/// <summary>A syscall as its actor saw it, recorded with <see cref="MachineContext.TracesSyscalls"/>; a send comes after its call.</summary>
/// <param name="Name">Module and name, such as <c>gas.available</c>.</param>
/// <param name="Arguments">The arguments without the place of the result.</param>
/// <param name="Error">The error number; null for success.</param>
/// <param name="Returned">Whether the actor ran on: not after an exit, without gas, or after a fatal error.</param>
/// <param name="Result">The result in guest memory; empty for none or an error.</param>
/// <param name="Input">The guest's buffer that the syscall reads, if <see cref="SyscallBuffers"/> names one.</param>
/// <param name="Output">The guest's buffer that the syscall wrote, if <see cref="SyscallBuffers"/> names one.</param>
/// <param name="GasBefore">The call's remaining gas before the syscall, with the code until then paid for.</param>
/// <param name="GasAfter">The call's remaining gas after the syscall.</param>
public sealed record SyscallEvent(
    string Name,
    IReadOnlyList<ulong> Arguments,
    ErrorNumber? Error,
    bool Returned,
    ReadOnlyMemory<byte> Result,
    ReadOnlyMemory<byte> Input,
    ReadOnlyMemory<byte> Output,
    Gas GasBefore,
    Gas GasAfter) : ExecutionEvent;
