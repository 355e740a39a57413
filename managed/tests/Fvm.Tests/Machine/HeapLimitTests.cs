using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Values of the environment variable; the limit itself is tested in separate processes, by <c>scripts/test-native</c>.</summary>
public sealed class HeapLimitTests
{
    [TestCase(null)]
    [TestCase("")]
    public void Without_a_value_there_is_no_bound(string? value) => Assert.That(HeapLimit.Set(value), Is.Null);

    [TestCase("20000000000000")]
    [TestCase("0x100")]
    [TestCase("-1")]
    [TestCase("15")]
    [TestCase("many")]
    public void What_is_no_number_of_mebibytes_is_named(string value) =>
        Assert.That(HeapLimit.Set(value), Does.StartWith("FVM_HEAP_MIB is a number of mebibytes").And.Contain($"'{value}'"));
}
