namespace Fvm.Ipld;

/// <summary>Where the blocks of a CAR file are.</summary>
internal abstract class CarPlaces : IDisposable
{
    /// <summary>The most places that one CID has: keys are hashes with a secret, so that no file can be made whose blocks collide.</summary>
    public const int MaxPerKey = 8;

    /// <summary>The number of blocks.</summary>
    public abstract long Count { get; }

    /// <summary>Their total length, in bytes.</summary>
    public abstract long BlockBytes { get; }

    /// <summary>Finds the sections that may have a block: those of its CID, and rarely one of another.</summary>
    /// <param name="cid">The CID.</param>
    /// <param name="places">Receives the sections' offsets; as long as <see cref="MaxPerKey"/>.</param>
    /// <returns>Their number.</returns>
    public abstract int Find(in Cid cid, Span<long> places);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
