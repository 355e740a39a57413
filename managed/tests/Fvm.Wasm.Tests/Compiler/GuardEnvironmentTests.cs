using NUnit.Framework;

namespace Fvm.Wasm.Tests;

[NonParallelizable]
public sealed class GuardEnvironmentTests
{
    [TestCase(null, false, null)]
    [TestCase("", false, null)]
    [TestCase("0", false, null)]
    [TestCase("1", true, null)]
    [TestCase("yes", false, "FVM_GUARD_PAGES must be 0 or 1, not 'yes'")]
    public void The_setting_is_on_or_off_and_another_value_is_told(string? value, bool isOn, string? problem)
    {
        string? before = Environment.GetEnvironmentVariable(GuardEnvironment.Variable);
        Environment.SetEnvironmentVariable(GuardEnvironment.Variable, value);
        try
        {
            Assert.That((GuardEnvironment.IsOn, new CompilerOptions().GuardPages, GuardEnvironment.Problem), Is.EqualTo((isOn, isOn, problem)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(GuardEnvironment.Variable, before);
        }
    }
}
