namespace Fvm.Ipld;

/// <summary>
/// A CAR file on disk with an index of block positions, in memory or on disk (<see cref="CarIndex"/>). Blocks are read and their digests verified
/// on demand.
/// </summary>
/// <param name="file">The file; owned by the store.</param>
/// <param name="options">How to read it.</param>
/// <param name="roots">The header's roots.</param>
/// <param name="places">Where its blocks are; owned by the store.</param>
internal abstract class StoredCar(FileStream file, CarReadOptions options, IReadOnlyList<Cid> roots, CarPlaces places) : CarStore(roots)
{
    /// <inheritdoc/>
    public override long Count => places.Count;

    /// <inheritdoc/>
    public override long BlockBytes => places.BlockBytes;

    protected FileStream File => file;

    protected CarReadOptions Options => options;

    protected CarPlaces Places => places;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<Cid, byte[]>> ReadAll()
    {
        using FileStream again = new(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using CarReader reader = new(again, options);
        foreach (KeyValuePair<Cid, byte[]> block in reader.ReadBlocks())
        {
            yield return block;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        places.Dispose();
        file.Dispose();
    }
}
