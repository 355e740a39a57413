using Fvm.Ipld;

namespace Fvm;

/// <summary>A block was opened or linked.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record IpldEvent(IpldOperation Operation, Cid Cid, int Size) : ExecutionEvent;
