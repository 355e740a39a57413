namespace Fvm;

/// <content>Blocks.</content>
public sealed partial class PriceList
{
    /// <summary>Opening a block, before it is read.</summary>
    public GasCharge OnBlockOpenBase() => Rules.ExternsAreComputation
        ? Computing("OnBlockOpenBase", this[Price.Extern] + this[Price.BlockOpen])
        : new GasCharge("OnBlockOpenBase", this[Price.LinkChecked], this[Price.BlockOpen]);

    /// <summary>Opening a block, by its size. In Hygge copying counts as computation, in later lists as "other".</summary>
    public GasCharge OnBlockOpen(int length, int links)
    {
        Gas copied = this[Price.BlockAllocatePerByte] * length + this[Price.BlockCopyPerByte] * length;
        Gas retained = this[Price.BlockRetainPerByte] * length;
        if (Rules.AddsUpBlockMemory)
        {
            return Computing("OnBlockOpenPerByte", retained + copied);
        }

        if (Rules.OpensBlocksPerByte)
        {
            return new GasCharge("OnBlockOpenPerByte", copied, retained - copied);
        }

        Gas compute = this[Price.LinkTracked] * links;
        return new GasCharge("OnBlockOpen", compute, copied + (retained - (compute + copied)));
    }

    /// <summary>Reading an open block.</summary>
    public GasCharge OnBlockRead(int length) => Computing("OnBlockRead", this[Price.BlockCopyPerByte] * length);

    /// <summary>Adding a block to the block registry.</summary>
    public GasCharge OnBlockCreate(int length, int links)
    {
        Gas compute = this[Price.BlockCopyPerByte] * length + this[Price.BlockAllocatePerByte] * length
            + this[Price.LinkChecked] * links;
        Gas retained = this[Price.BlockRetainPerByte] * length;
        return Rules.AddsUpBlockMemory
            ? Computing("OnBlockCreate", compute + retained)
            : new GasCharge("OnBlockCreate", compute, retained - compute);
    }

    /// <summary>Linking a block into the state.</summary>
    /// <param name="hash">The hash function of its CID.</param>
    /// <param name="length">Its length, in bytes.</param>
    public GasCharge OnBlockLink(SupportedHash hash, int length)
    {
        Gas copy = this[Price.BlockCopyPerByte] * length;
        Gas storage = this[Price.BlockPersistStorage] + this[Price.BlockPersistStoragePerByte] * length;
        if (Rules.AddsUpBlockMemory)
        {
            // Copied twice: into the write buffer, and finally to the host.
            return new GasCharge("OnBlockLink", this[Price.BlockLink] + copy * 2, storage);
        }

        Gas compute = copy + this[Price.BlockAllocatePerByte] * length + OfHashing(hash, length) + this[Price.LinkTracked];
        return new GasCharge("OnBlockLink", compute, this[Price.BlockPersistCompute] + storage);
    }

    public GasCharge OnBlockStat() => Computing("OnBlockStat", Gas.Zero);

    /// <summary>Scanning a block for links; charged after the scan.</summary>
    /// <param name="fields">The number of CBOR fields.</param>
    /// <param name="links">The number of CIDs.</param>
    public GasCharge OnScanIpldLinks(ulong fields, ulong links) =>
        Computing("OnScanIpldLinks", this[Price.CborScanPerField] * fields + this[Price.CborScanPerLink] * links);
}
