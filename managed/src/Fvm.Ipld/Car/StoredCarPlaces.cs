namespace Fvm.Ipld;

/// <summary>The places by an index on disk.</summary>
internal sealed class StoredCarPlaces(CarIndex index) : CarPlaces
{
    /// <inheritdoc/>
    public override long Count => index.Count;

    /// <inheritdoc/>
    public override long BlockBytes => index.BlockBytes;

    /// <inheritdoc/>
    public override int Find(in Cid cid, Span<long> places) => index.Find(in cid, places);

    /// <inheritdoc/>
    public override void Dispose() => index.Dispose();
}
