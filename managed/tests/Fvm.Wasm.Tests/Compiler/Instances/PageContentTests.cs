using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed unsafe class PageContentTests
{
    [Test]
    public void A_difference_in_any_byte_is_seen()
    {
        byte[] page = new byte[PageMap.PageSize];
        new Random(1).NextBytes(page);
        byte[] other = [.. page];
        // Sound: both arrays have the length of a page.
        fixed (byte* left = page, right = other)
        {
            Assert.That(PageContent.Equal(left, right), Is.True);
            for (int at = 0; at < PageMap.PageSize; at++)
            {
                right[at] ^= 1;
                Assert.That(PageContent.Equal(left, right), Is.False, $"byte {at}");
                right[at] ^= 1;
            }
        }
    }

    [Test]
    public void A_byte_other_than_zero_is_seen_anywhere()
    {
        // Sound: the array has the length of a page.
        fixed (byte* page = new byte[PageMap.PageSize])
        {
            Assert.That(PageContent.IsZero(page), Is.True);
            for (int at = 0; at < PageMap.PageSize; at++)
            {
                page[at] = 0x80;
                Assert.That(PageContent.IsZero(page), Is.False, $"byte {at}");
                page[at] = 0;
            }
        }
    }
}
