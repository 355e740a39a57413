namespace Fvm.Hosting;

/// <summary>One seal of an aggregate (C: <c>AggregationInputs_t</c>, 136 bytes).</summary>
internal struct AggregationInput
{
    public Bytes32 CommR;
    public Bytes32 CommD;
    public ulong SectorNumber;
    public Bytes32 Ticket;
    public Bytes32 Seed;
}
