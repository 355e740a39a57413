using NUnit.Framework;

namespace Fvm.Actors.Tests;

public sealed class MethodHashTests
{
    // Numbers that the specifications and the actors' sources name.
    [TestCase("Receive", 3726118371UL)]
    [TestCase("InvokeEVM", 3844450837UL)]
    [TestCase("Constructor", 1UL)]
    public void Numbers_are_hashes_of_names(string name, ulong number) => Assert.That(MethodHash.Of(name).Value, Is.EqualTo(number));

    [TestCase("")]
    [TestCase("receive")]
    [TestCase("Re ceive")]
    [TestCase("Réceive")]
    public void Other_names_have_no_number(string name) => Assert.That(() => MethodHash.Of(name), Throws.ArgumentException);
}
