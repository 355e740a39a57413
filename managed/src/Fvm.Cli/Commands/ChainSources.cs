using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>The sources of a chain's blocks that a command was given.</summary>
internal sealed class ChainSources : IDisposable
{
    private readonly CarStore? _snapshot;

    /// <param name="snapshot">The snapshot; null for none.</param>
    /// <param name="rpc">The node; null for none.</param>
    /// <param name="blocks">All blocks.</param>
    /// <param name="name">The name in errors.</param>
    public ChainSources(CarStore? snapshot, RpcChain? rpc, IBlockstore blocks, string name)
    {
        _snapshot = snapshot;
        Rpc = rpc;
        Blocks = blocks;
        Name = name;
    }

    /// <summary>The node; null for none.</summary>
    public RpcChain? Rpc { get; }

    /// <summary>The node's blocks on disk; null for none.</summary>
    public BlockFolder? Disk { get; init; }

    /// <summary>The store that the user named; null for none.</summary>
    public BlockDatabase? Store { get; init; }

    /// <summary>All blocks.</summary>
    public IBlockstore Blocks { get; }

    /// <summary>The name in errors.</summary>
    public string Name { get; }

    /// <summary>The roots of the snapshot; without one the node's head, or the head that was imported.</summary>
    public IReadOnlyList<Cid> Roots => _snapshot?.Roots ?? Rpc?.Head() ?? Store!.Heads;

    /// <inheritdoc/>
    public void Dispose()
    {
        Rpc?.Dispose();
        Disk?.Dispose();
        Store?.Dispose();
        _snapshot?.Dispose();
    }
}
