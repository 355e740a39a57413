namespace Fvm.Native;

/// <summary>The head of every response: a status, and an error text if it is not zero.</summary>
internal struct ResultHead
{
    public int StatusCode;

    /// <summary>Padding in C; nonzero in the one response that is never freed (<c>native/src/memory.c</c>).</summary>
    public int IsSpare;
    public SliceBoxed ErrorMessage;
}
