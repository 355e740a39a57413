using NUnit.Framework;

/// <summary>Disables the machine code cache: tests must not touch the user's own.</summary>
[SetUpFixture]
public sealed class NoCache
{
    [OneTimeSetUp]
    public void SwitchOff()
    {
        Environment.SetEnvironmentVariable("FVM_CACHE", "off");

        // Nor the network.
        Environment.SetEnvironmentVariable("FVM_BUNDLE_SOURCE", "http://127.0.0.1:1");
    }
}
