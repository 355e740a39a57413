namespace Fvm.Native;

/// <summary>How every response begins: a status, and a text when it is not zero.</summary>
internal struct ResultHead
{
    public int StatusCode;

    /// <summary>Padding in C; not zero in the one response that is never freed (<c>native/src/memory.c</c>).</summary>
    public int IsSpare;
    public SliceBoxed ErrorMessage;
}
