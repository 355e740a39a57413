using Fvm.Chain.Tests;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>Removes the recorded chains that tests of this project have unpacked.</summary>
[SetUpFixture]
public sealed class ChainFiles
{
    [OneTimeTearDown]
    public void Remove() => new LotusChains().RemoveFile();
}
