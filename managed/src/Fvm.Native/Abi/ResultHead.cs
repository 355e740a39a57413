namespace Fvm.Native;

/// <summary>How every response begins: a status (four bytes of padding after it), and a text when it is not zero.</summary>
internal struct ResultHead
{
    public int StatusCode;
    public SliceBoxed ErrorMessage;
}
