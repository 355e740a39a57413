namespace Fvm.Ipld;

/// <summary>
/// The links of blocks that have few, for those who read ahead: of a wide node, a message follows one or two, of a very wide one nobody knows which.
/// </summary>
public static class FewLinks
{
    /// <summary>A few.</summary>
    public const int Few = 8;

    /// <summary>As many as a node of the actors' maps has.</summary>
    public const int Many = 32;

    /// <summary>The links to other blocks; none if there are more than so many, or the block is malformed.</summary>
    /// <param name="cid">The block's CID.</param>
    /// <param name="block">The block.</param>
    /// <param name="most">So many.</param>
    public static Cid[] Of(in Cid cid, ReadOnlySpan<byte> block, int most = Few)
    {
        if (cid.Codec != Multicodec.DagCbor)
        {
            return [];
        }

        Span<Cid> links = new Cid[most];
        int count = 0;
        LinkScanner scanner = new(block);
        while (scanner.More)
        {
            scanner.SkipFields(ulong.MaxValue);
            if (!scanner.More)
            {
                break;
            }

            LinkScanStep step = scanner.ReadField();
            if (step == LinkScanStep.Field)
            {
                continue;
            }

            if (step == LinkScanStep.Malformed || !scanner.TryReadLink(out Cid link))
            {
                return [];
            }

            if (link.Codec is not (Multicodec.DagCbor or Multicodec.Raw) || link.MultihashCode != MultihashCode.Blake2b256)
            {
                continue;
            }

            if (count == most)
            {
                return [];
            }

            links[count++] = link;
        }

        return links[..count].ToArray();
    }
}
