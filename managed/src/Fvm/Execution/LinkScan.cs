using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Finds a block's links and charges for each field and link as it goes, within the remaining gas. The scan is as lax as the reference's
/// (<see cref="LinkScanner"/>); which links are tracked, ignored or rejected is decided here.
/// </summary>
internal struct LinkScan
{
    private readonly Gas _perField;
    private readonly Gas _perLink;
    private readonly Gas _available;
    private Gas _remaining;
    private List<Cid>? _links;

    private LinkScan(PriceList prices, Gas available)
    {
        _perField = prices[Price.CborScanPerField];
        _perLink = prices[Price.CborScanPerLink];
        _available = available;
        _remaining = available;
    }

    /// <summary>Scans a block and makes one charge for all of it ("OnScanIpldLinks"), even if the block is rejected midway.</summary>
    public static Outcome Run(ulong codec, ReadOnlySpan<byte> data, PriceList prices, GasTracker gas, out Cid[] links)
    {
        LinkScan scan = new(prices, gas.Available);
        Outcome outcome = scan.Visit(codec, data);
        links = outcome.IsOk && scan._links is not null ? scan._links.ToArray() : [];
        return gas.TryCharge(ChargeNames.OnScanIpldLinks, scan._available - scan._remaining) ? outcome : Outcome.OutOfGas;
    }

    private Outcome Visit(ulong codec, ReadOnlySpan<byte> data) => codec switch
    {
        Multicodec.DagCbor => VisitDagCbor(data),
        Multicodec.Raw or Multicodec.Cbor => Outcome.Ok,
        _ => Outcome.Error(ErrorNumber.IllegalCodec, $"codec {codec} is not allowed"),
    };

    private Outcome VisitDagCbor(ReadOnlySpan<byte> data)
    {
        LinkScanner scanner = new(data);
        while (true)
        {
            // As many fields as can be paid for, charged as a sum; the field that ends the run is charged and examined separately.
            if (!scanner.IsAtTag)
            {
                ulong affordable = _perField.IsZero ? ulong.MaxValue : _remaining.Milli / _perField.Milli;
                _remaining -= _perField * scanner.SkipFields(affordable);
            }

            if (!scanner.More)
            {
                break;
            }

            if (!TryPay(_perField)) return Outcome.OutOfGas;

            switch (scanner.ReadField())
            {
                case LinkScanStep.Malformed:
                    return Outcome.Error(ErrorNumber.Serialization, scanner.Problem);
                case LinkScanStep.Link:
                    if (!TryPay(_perLink)) return Outcome.OutOfGas;

                    if (scanner.TrySkipInlineData()) break;

                    if (!scanner.TryReadLink(out Cid cid)) return Outcome.Error(ErrorNumber.Serialization, scanner.Problem);

                    if (VisitLink(cid).Failed(out Outcome outcome)) return outcome;

                    break;
                default:
                    break;
            }
        }

        return scanner.Remaining == 0
            ? Outcome.Ok
            : Outcome.Error(ErrorNumber.Serialization, $"{scanner.Remaining} trailing bytes in CBOR block");
    }

    private Outcome VisitLink(in Cid cid)
    {
        // Sector commitments are not blocks: ignored, whatever their digests.
        ulong codec = cid.Codec;
        if (codec is Multicodec.FilCommitmentUnsealed or Multicodec.FilCommitmentSealed) return Outcome.Ok;

        if (codec is not (Multicodec.Cbor or Multicodec.DagCbor or Multicodec.Raw))
        {
            return Outcome.Error(ErrorNumber.NotFound, $"block links to a CID with forbidden codec {codec}");
        }

        // An inline block: its links count as this one's. Digests have at most 64 bytes, so this nests a dozen levels at most.
        if (cid.MultihashCode == MultihashCode.Identity) return Visit(codec, cid.Digest);

        if (cid.MultihashCode != MultihashCode.Blake2b256 || cid.DigestLength != 32)
        {
            return Outcome.Error(
                ErrorNumber.NotFound,
                $"block links to a CID with forbidden multihash (code {cid.MultihashCode}, {cid.DigestLength} bytes)");
        }

        (_links ??= []).Add(cid);
        return Outcome.Ok;
    }

    private bool TryPay(Gas gas)
    {
        bool pays = gas <= _remaining;
        _remaining = pays ? _remaining - gas : Gas.Zero;
        return pays;
    }
}
