using Fvm.Wasm;

namespace Fvm;

/// <summary>A syscall's handler: it reads arguments, calls the kernel, and writes the result.</summary>
// Sound: the pointer is that of a static method of this assembly, with this very signature: SyscallTable takes it by &.
internal unsafe readonly struct SyscallHandler(delegate*<ref SyscallFrame, Outcome> handler)
{
    /// <summary>Runs the handler.</summary>
    public Outcome Invoke(ref SyscallFrame frame) => handler(ref frame);
}

/// <summary>One row of the syscall table: everything that belongs to a syscall, by name.</summary>
/// <param name="Module">The import's module.</param>
/// <param name="Name">The import's name.</param>
/// <param name="From">The first network version that has it in this form.</param>
/// <param name="To">The last one.</param>
/// <param name="Parameters">The parameters' types after the result pointer: <c>i</c> for i32, <c>l</c> for i64.</param>
/// <param name="ResultSize">Bytes of the result that is written to guest memory; 0 for none, and then there is no result pointer.</param>
/// <param name="Handler">The handler.</param>
/// <param name="KernelMethod">The kernel method that it calls.</param>
/// <param name="Charge">The price list's method that it is charged by, or empty where only the call itself is charged.</param>
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
    /// <summary>How many slots the import's arguments take, the result pointer included.</summary>
    public int ArgumentCount { get; } = Parameters.Length + (ResultSize > 0 ? 1 : 0);

    /// <summary>The import's type: every syscall gives back an i32, the error number.</summary>
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
