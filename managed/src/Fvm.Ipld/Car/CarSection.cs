namespace Fvm.Ipld;

/// <summary>A block of a CAR file that is not read yet.</summary>
/// <param name="Cid">Its CID.</param>
/// <param name="Place">Where its section starts, as <see cref="CarPlaces"/> knows it.</param>
/// <param name="Length">The length of the block in bytes.</param>
internal readonly record struct CarSection(Cid Cid, long Place, long Length);
