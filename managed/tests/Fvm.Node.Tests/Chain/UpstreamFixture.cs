namespace Fvm.Node.Tests;

/// <summary>A chain that tests fork, the node that serves it, and a folder for what is kept of it.</summary>
internal abstract class UpstreamFixture
{
    protected string Folder { get; private set; } = null!;

    protected TestChain Origin { get; private set; } = null!;

    protected UpstreamNode Node { get; set; } = null!;

    /// <summary>Makes the folder and the chain.</summary>
    protected void Make()
    {
        Folder = Directory.CreateTempSubdirectory("fvm-node-").FullName;
        Origin = TestChain.Create(change: static options => options with { ChainId = 31_415_926, NetworkName = "upstream" });
    }

    /// <summary>Serves the chain.</summary>
    protected async Task ServeAsync() => Node = await UpstreamNode.StartAsync(Origin.Chain);

    /// <summary>Drops all of it, also if it could not be made in whole.</summary>
    protected async Task DropAsync()
    {
        if (Node is not null)
        {
            await Node.DisposeAsync();
        }

        if (Origin is not null)
        {
            await Origin.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
