namespace Fvm.Native;

/// <summary>The response of a flush (C: <c>Result_slice_boxed_uint8_t</c>, 40 bytes).</summary>
internal struct BytesResult : IResult
{
    public ResultHead Head;
    public SliceBoxed Value;

    readonly void IResult.FreeValue() => Responses.Free(Value);
}
