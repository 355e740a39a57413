using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The AMT of a tipset's receipts.</summary>
internal static class ReceiptsRoot
{
    /// <summary>Writes the receipts and returns their root.</summary>
    /// <param name="store">Receives the blocks.</param>
    /// <param name="receipts">The receipts.</param>
    /// <param name="withEvents">Whether the network version's receipts have the events' root.</param>
    public static Cid Write(IBlockstore store, IEnumerable<Receipt> receipts, bool withEvents)
    {
        Amt list = new(store, version: AmtVersion.V0);
        list.BatchSet(receipts.Select(receipt => (ReadOnlyMemory<byte>)Encode(receipt, withEvents)));
        return list.Flush();
    }

    /// <summary>The receipts below a root, encoded, by their numbers; null if they are not there.</summary>
    public static IReadOnlyList<byte[]>? Read(IBlockstore store, in Cid root)
    {
        try
        {
            return [.. Amt.Load(store, root, AmtVersion.V0).Entries().Select(static entry => entry.Value.ToArray())];
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Decodes a receipt of any network version; null if it is none.</summary>
    public static Receipt? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            CborReader reader = new(bytes);
            int fields = reader.ReadArrayHeader();
            ulong exitCode = reader.ReadUInt();
            byte[] value = reader.ReadBytes().ToArray();
            ulong gas = reader.ReadUInt();
            Cid? events = fields == 4 && !reader.TryReadNull() ? reader.ReadCid() : null;
            reader.EnsureEnd();
            return fields is 3 or 4 && exitCode <= uint.MaxValue
                ? new Receipt { ExitCode = new ExitCode((uint)exitCode), ReturnData = value, GasUsed = gas, EventsRoot = events }
                : null;
        }
        catch (CborException)
        {
            return null;
        }
    }

    /// <summary>A receipt as a network version has it.</summary>
    public static byte[] Encode(Receipt receipt, bool withEvents)
    {
        if (withEvents)
        {
            return receipt.Encode();
        }

        CborWriter writer = new(64 + receipt.ReturnData.Length);
        writer.WriteArrayHeader(3);
        writer.WriteUInt(receipt.ExitCode.Value);
        writer.WriteBytes(receipt.ReturnData.Span);
        writer.WriteUInt(receipt.GasUsed);
        return writer.ToArray();
    }
}
