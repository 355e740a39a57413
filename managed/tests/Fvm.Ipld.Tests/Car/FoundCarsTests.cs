using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>
/// CAR files crafted to find faults, in the shared folder, each with the expected error message; those without one are valid.
/// </summary>
public sealed class FoundCarsTests
{
    private static readonly Dictionary<string, string?> Expected = new(StringComparer.Ordinal)
    {
        ["dup"] = null,
        ["empty"] = "the file is empty",
        ["extra-key"] = null,
        ["gz"] = null,
        ["gz-gz"] = "packed twice",
        ["gz-multi"] = null,
        ["gz-trail"] = null,
        ["gz-trunc"] = "the gzip stream is truncated",
        ["gzbadcrc"] = "the gzip stream is corrupt",
        ["hash-mismatch-root"] = "has another digest",
        ["hash-mismatch-unused"] = "has another digest",
        ["hdr-bigarr"] = "the header is malformed",
        ["hdr-deepnest"] = "the header is malformed",
        ["hdr-indef"] = "the header is malformed",
        ["hdr-nonmap"] = "the header is malformed",
        ["hdr-noversion"] = "\"version\" is missing",
        ["hdr-trailing"] = "the header is malformed",
        ["hdr-verfirst"] = null,
        ["hdrlen-0"] = "its header has a length of zero",
        ["hdrlen-huge"] = "longer than the bound",
        ["hdrlen-max"] = "longer than the bound",
        ["hdrlen-over"] = "no minimal varint",
        ["hdrlen-unterminated"] = "cut off within a length",
        ["json"] = "it looks like JSON",
        ["junk-end"] = "cut off within a CID",
        ["min-arrayroot"] = "the header is malformed",
        ["min-hdrarray"] = "the header is malformed",
        ["nonmin-len"] = "no minimal varint",
        ["noroots"] = "there is no root",
        ["ok"] = null,
        ["one-byte"] = "cut off within the header",
        ["root-identity"] = null,
        ["root-missing"] = null,
        ["root-raw"] = null,
        ["root-v0"] = null,
        ["sec-badcid"] = "does not start with a CID",
        ["sec-cidv0"] = null,
        ["seclen-4g"] = "longer than the bound",
        ["seclen-huge"] = "longer than the bound",
        ["seclen-neg"] = "longer than the bound",
        ["seclen-shortcid"] = "does not start with a CID",
        ["trunc-1"] = "cut off within a block",
        ["trunc-half"] = "cut off within a block",
        ["trunc-hdr"] = "cut off within the header",
        ["tworoots"] = null,
        ["tworoots-diff"] = null,
        ["v2-idx"] = null,
        ["v2-inner-v2"] = "of version 2 themselves",
        ["v2-off-small"] = "CARv2 file would start at byte 10",
        ["v2-off0"] = "CARv2 file would start at byte 0",
        ["v2-offbig"] = "of this CARv2 file would reach",
        ["v2-offmax"] = "of this CARv2 file would reach",
        ["v2-ok"] = null,
        ["v2-pad"] = null,
        ["v2-pragma-only"] = "cut off within the header of a CARv2 file",
        ["v2-short"] = "cut off within the header of a CARv2 file",
        ["v2-size0"] = "this CARv2 file has no data",
        ["v2-sizebig"] = "of this CARv2 file would reach",
        ["v2-sizemax"] = "of this CARv2 file would reach",
        ["v2-sum-overflow"] = "of this CARv2 file would reach",
        ["v2-trunc"] = "of this CARv2 file would reach",
        ["ver-neg"] = "the header is malformed",
        ["ver0"] = "the version is 0",
        ["ver3"] = "the version is 3",
        ["wasm"] = "it is a WebAssembly module",
        ["zero"] = "its header has a length of zero",
        ["zerosect-end"] = "a section has a length of zero",
        ["zerosect-end-many"] = "a section has a length of zero",
        ["zerosect-junk"] = "a section has a length of zero",
        ["zerosect-mid"] = "a section has a length of zero",
        ["zstd"] = "the zstd stream is truncated",
    };

    private static IEnumerable<string> Names => Expected.Keys;

    [TestCaseSource(nameof(Names))]
    public void Each_is_read_or_refused_with_its_reason(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder(), $"{name}.car"));
        string? error = ErrorOf(() => CarBlockstore.Load(file));

        Assert.That(error, Expected[name] is string reason ? Does.Contain(reason) : Is.Null);
    }

    [TestCaseSource(nameof(Names))]
    public void Each_is_indexed_or_refused_as_it_is_read_but_for_digests(string name)
    {
        string path = Path.Combine(Folder(), $"{name}.car");
        string? error = ErrorOf(() => CarStore.Open(File.OpenRead(path), new CarReadOptions { IndexedFrom = 1 }).Dispose());

        bool found = Expected[name] is null or "has another digest";
        Assert.That(error, found ? Is.Null : Does.Contain(Expected[name]));
    }

    [Test]
    public void Every_file_is_in_the_table() =>
        Assert.That(Directory.GetFiles(Folder(), "*.car").Select(Path.GetFileNameWithoutExtension), Is.SubsetOf(Expected.Keys));

    private static string Folder()
    {
        string folder = Repository.Shared("finds", "files", "car");
        if (!Directory.Exists(folder))
        {
            Assert.Ignore("the shared folder has no finds/files/car");
        }

        return folder;
    }

    private static string? ErrorOf(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (CarException error)
        {
            return error.Message;
        }
    }
}
