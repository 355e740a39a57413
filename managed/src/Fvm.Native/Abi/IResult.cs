namespace Fvm.Native;

/// <summary>A response; its first field is a <see cref="ResultHead"/>.</summary>
internal interface IResult
{
    /// <summary>Frees the slices of the value.</summary>
    void FreeValue();
}
