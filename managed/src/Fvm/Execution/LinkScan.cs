using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Finds a block's links and charges for each field and link as it goes, within the remaining gas. The scan is as lax as the reference's
/// (<see cref="LinkScanner"/>); which links are tracked, ignored or rejected is decided here.
/// </summary>
internal struct LinkScan
{
    private const int FirstLinks = 8;

    private readonly Gas _perField;
    private readonly Gas _perLink;
    private readonly Gas _available;
    private Gas _remaining;
    private ulong _fieldCount;
    private ulong _linkCount;
    private Cid[] _links;
    private int _found;

    private LinkScan(PriceList prices, Gas available)
    {
        _perField = prices[Price.CborScanPerField];
        _perLink = prices[Price.CborScanPerLink];
        _available = available;
        _remaining = available;
        _links = [];
    }

    /// <summary>Scans a block and makes one charge for all of it ("OnScanIpldLinks"), even if the block is rejected midway.</summary>
    /// <param name="codec">The block's codec.</param>
    /// <param name="data">The block.</param>
    /// <param name="prices">The prices of fields and links.</param>
    /// <param name="gas">Pays.</param>
    /// <param name="links">The links, including duplicates.</param>
    /// <param name="scanned">What was charged for; the same for each scan of the block that is paid for.</param>
    public static Outcome Run(
        ulong codec, ReadOnlySpan<byte> data, PriceList prices, GasTracker gas, out Cid[] links, out LinkCount scanned)
    {
        LinkScan scan = new(prices, gas.Available);
        Outcome outcome = scan.Visit(codec, data);
        links = outcome.IsOk ? scan._links.AsSpan(0, scan._found).ToArray() : [];
        scanned = new LinkCount(scan._fieldCount, scan._linkCount);
        return gas.TryCharge(ChargeNames.OnScanIpldLinks, scan._available - scan._remaining) ? outcome : Outcome.OutOfGas;
    }

    /// <summary>Makes the same charge for a block whose links are known; a scan that cannot be paid takes what is left.</summary>
    public static Outcome Charge(LinkCount scanned, PriceList prices, GasTracker gas)
    {
        Gas cost = prices.OnScanIpldLinks(scanned.Fields, scanned.Links).Total;
        Gas available = gas.Available;
        bool pays = cost <= available;
        return gas.TryCharge(ChargeNames.OnScanIpldLinks, pays ? cost : available) && pays ? Outcome.Ok : Outcome.OutOfGas;
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
                ulong skipped = scanner.SkipFields(affordable);
                _remaining -= _perField * skipped;
                _fieldCount += skipped;
            }

            if (!scanner.More)
            {
                break;
            }

            if (!TryPay(_perField)) return Outcome.OutOfGas;

            _fieldCount++;
            switch (scanner.ReadField())
            {
                case LinkScanStep.Malformed:
                    return Outcome.Error(ErrorNumber.Serialization, scanner.Problem);
                case LinkScanStep.Link:
                    if (!TryPay(_perLink)) return Outcome.OutOfGas;

                    _linkCount++;
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

        if (_found == _links.Length)
        {
            Array.Resize(ref _links, Math.Max(FirstLinks, 2 * _found));
        }

        _links[_found++] = cid;
        return Outcome.Ok;
    }

    private bool TryPay(Gas gas)
    {
        bool pays = gas <= _remaining;
        _remaining = pays ? _remaining - gas : Gas.Zero;
        return pays;
    }
}
