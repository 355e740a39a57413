namespace Fvm;

/// <summary>Flags of <c>send.send</c>.</summary>
[Flags]
internal enum SendFlags : ulong
{
    None = 0,

    /// <summary>The call and all calls below it are read-only.</summary>
    ReadOnly = 1,
}
