namespace Fvm;

/// <summary>A syscall as actors import it, and what stands behind it; for people.</summary>
/// <param name="Module">The import's module.</param>
/// <param name="Name">The import's name.</param>
/// <param name="Parameters">The parameters' types after the result pointer: <c>i</c> for i32, <c>l</c> for i64.</param>
/// <param name="ResultSize">Bytes of the result; 0 for none.</param>
/// <param name="KernelMethod">What it does: the name of a kernel's method, or empty where there is none.</param>
public sealed record SyscallSignature(string Module, string Name, string Parameters, int ResultSize, string KernelMethod)
{
    /// <summary>The syscalls of a network version, in the order of the table.</summary>
    public static IReadOnlyList<SyscallSignature> AllOf(NetworkRules rules) =>
    [
        .. SyscallTable.For(rules).Rows.Select(static row =>
            new SyscallSignature(row.Module, row.Name, row.Parameters, row.ResultSize, row.KernelMethod)),
    ];

    /// <inheritdoc/>
    public override string ToString() => ResultSize == 0 ? $"({Parameters}) {KernelMethod}" : $"({Parameters}) → {ResultSize} bytes {KernelMethod}";
}
