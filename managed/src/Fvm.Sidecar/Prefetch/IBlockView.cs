using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>Blocks that are here without asking the client. Guesses may rest on them; results only once the client has confirmed them.</summary>
internal interface IBlockView
{
    bool TryPeek(in Cid cid, [NotNullWhen(true)] out byte[]? block);
}
