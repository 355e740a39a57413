// Tests leave the user's own cache alone.
using NUnit.Framework;

[SetUpFixture]
public sealed class NoCache
{
    [OneTimeSetUp]
    public void SwitchOff() => Environment.SetEnvironmentVariable("FVM_CACHE", "off");
}
