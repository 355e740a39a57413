using Fvm.Ipld;

namespace Fvm;

/// <summary>A block was opened or linked.</summary>
/// <param name="Operation">Which of the two.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record IpldEvent(IpldOperation Operation, Cid Cid, int Size) : ExecutionEvent;
