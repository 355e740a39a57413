using Fvm.Wasm;

namespace Fvm;

/// <summary>A syscall's handler: reads arguments, calls the kernel, and writes the result.</summary>
// Sound: the pointer is that of a static method of this assembly with this signature: SyscallTable takes it by &.
internal unsafe readonly struct SyscallHandler(delegate*<ref SyscallFrame, Outcome> handler)
{
    /// <summary>Runs the handler.</summary>
    public Outcome Invoke(ref SyscallFrame frame) => handler(ref frame);
}

/// <summary>One row of the syscall table: all facts of a syscall.</summary>
/// <param name="Module">The import's module.</param>
/// <param name="Name">The import's name.</param>
/// <param name="From">The first network version with the syscall in this form.</param>
/// <param name="To">The last one.</param>
/// <param name="Parameters">The parameter types after the result pointer: <c>i</c> for i32, <c>l</c> for i64.</param>
/// <param name="ResultSize">The size of the result in guest memory, in bytes; 0 for none, without a result pointer.</param>
/// <param name="Handler">The handler.</param>
/// <param name="KernelMethod">The kernel method it calls.</param>
/// <param name="Charge">The price list's method for its charge; empty if only the syscall itself is charged.</param>
internal sealed record SyscallRow(
    string Module,
    string Name,
    NetworkVersion From,
    NetworkVersion To,
    string Parameters,
    int ResultSize,
    SyscallHandler Handler,
    string KernelMethod,
    string Charge)
{
    /// <summary>The number of the import's argument slots, including the result pointer.</summary>
    public int ArgumentCount { get; } = Parameters.Length + (ResultSize > 0 ? 1 : 0);

    /// <summary>The import's type: every syscall returns an i32, the error number.</summary>
    public FunctionType Type { get; } = TypeOf(Parameters, ResultSize);

    /// <summary>Runs the handler.</summary>
    public Outcome Handle(ref SyscallFrame frame) => Handler.Invoke(ref frame);

    private static FunctionType TypeOf(string parameters, int resultSize)
    {
        List<ValueKind> types = [];
        if (resultSize > 0)
        {
            types.Add(ValueKind.I32);
        }

        foreach (char parameter in parameters)
        {
            types.Add(parameter == 'l' ? ValueKind.I64 : ValueKind.I32);
        }

        return new FunctionType([.. types], [ValueKind.I32]);
    }
}
