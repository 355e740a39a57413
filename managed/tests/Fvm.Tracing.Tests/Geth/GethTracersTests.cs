using NUnit.Framework;

namespace Fvm.Tracing.Tests;

public sealed class GethTracersTests
{
    [Test]
    public void Each_tracer_has_its_name()
    {
        foreach (GethTracer tracer in Enum.GetValues<GethTracer>())
        {
            Assert.That(GethTracers.TryParse(GethTracers.Names[(int)tracer], out GethTracer parsed), Is.True);
            Assert.That(parsed, Is.EqualTo(tracer));
            Assert.That(GethTracers.Names[(int)tracer].Replace("4byte", "FourByte", StringComparison.Ordinal), Is.EqualTo(tracer.ToString()).IgnoreCase);
        }

        Assert.That(GethTracers.Names, Has.Count.EqualTo(Enum.GetValues<GethTracer>().Length));
        Assert.That(GethTracers.TryParse("calltracer", out _), Is.False);
    }
}
