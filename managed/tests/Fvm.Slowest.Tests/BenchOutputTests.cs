using NUnit.Framework;

namespace Fvm.Slowest.Tests;

public sealed class BenchOutputTests
{
    private const string Header = "vector,messages,gas,exec_us_min,exec_us_median,total_us_min,total_us_median";

    [TestCase("x,1,250,30,31,40,41")]
    [TestCase("crypto.hash of 1,000, twice,1,250,30,31,40,41")]
    public void Gas_and_time_are_found_whatever_the_name_contains(string line) =>
        Assert.That(BenchOutput.Read($"{Header}\n{line}\nTOTAL,1,250,,31,,41\n"), Is.EqualTo((250UL, 30UL)));

    [Test]
    public void Further_columns_change_nothing() =>
        Assert.That(BenchOutput.Read($"{Header},cpu_us,allocated_bytes\na,b,1,250,30,31,40,41,77,88\n"), Is.EqualTo((250UL, 30UL)));

    [TestCase("")]
    [TestCase(Header)]
    [TestCase(Header + "\nx,1,250,fast,31,40,41")]
    [TestCase(Header + "\n41")]
    [TestCase("vector,messages\nx,1")]
    public void Other_output_is_none(string output) => Assert.That(BenchOutput.Read(output), Is.Null);
}
