namespace Fvm;

/// <summary>Flags of <c>send.send</c>.</summary>
[Flags]
internal enum SendFlags : ulong
{
    None = 0,

    /// <summary>The call and all below it must leave the state as it is.</summary>
    ReadOnly = 1,
}
