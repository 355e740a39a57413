using Fvm.Ipld;

namespace Fvm;

/// <summary>The on-chain receipt of a message (reference: <c>shared/src/receipt.rs</c>).</summary>
public sealed record Receipt
{
    public required ExitCode ExitCode { get; init; }

    /// <summary>The return data; empty if nothing was returned.</summary>
    public ReadOnlyMemory<byte> ReturnData { get; init; }

    /// <summary>Whole gas.</summary>
    public ulong GasUsed { get; init; }

    /// <summary>The root of the events AMT; null if there are no events.</summary>
    public Cid? EventsRoot { get; init; }

    /// <summary>The receipt in CBOR: exit code, return data, gas used, events root or null.</summary>
    public byte[] Encode()
    {
        CborWriter writer = new(64 + ReturnData.Length);
        writer.WriteArrayHeader(4);
        writer.WriteUInt(ExitCode.Value);
        writer.WriteBytes(ReturnData.Span);
        writer.WriteUInt(GasUsed);
        if (EventsRoot is Cid root)
        {
            writer.WriteCid(root);
        }
        else
        {
            writer.WriteNull();
        }

        return writer.ToArray();
    }
}
