namespace Fvm;

/// <summary>A syscall as imported by actors, with its kernel method; human-readable.</summary>
/// <param name="Module">The import's module.</param>
/// <param name="Name">The import's name.</param>
/// <param name="Parameters">The parameter types after the result pointer: <c>i</c> for i32, <c>l</c> for i64.</param>
/// <param name="ResultSize">The size of the result, in bytes; 0 for none.</param>
/// <param name="KernelMethod">The kernel method it calls; empty if there is none.</param>
public sealed record SyscallSignature(string Module, string Name, string Parameters, int ResultSize, string KernelMethod)
{
    /// <summary>The syscalls of a network version, in table order.</summary>
    public static IReadOnlyList<SyscallSignature> AllOf(NetworkRules rules) =>
    [
        .. SyscallTable.For(rules).Rows.Select(static row =>
            new SyscallSignature(row.Module, row.Name, row.Parameters, row.ResultSize, row.KernelMethod)),
    ];

    /// <inheritdoc/>
    public override string ToString() => ResultSize == 0 ? $"({Parameters}) {KernelMethod}" : $"({Parameters}) → {ResultSize} bytes {KernelMethod}";
}
