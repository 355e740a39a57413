namespace Fvm;

/// <summary>Flags of an invocation, in <c>vm.message_context</c>.</summary>
[Flags]
internal enum ContextFlags : ulong
{
    None = 0,

    /// <summary>The call is read-only: it must not change the state.</summary>
    ReadOnly = 1,
}
