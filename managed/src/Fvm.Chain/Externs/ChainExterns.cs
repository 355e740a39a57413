using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>What a machine asks of the chain that it runs on: one epoch, on one state.</summary>
/// <param name="reader">The chain.</param>
/// <param name="randomness">Its randomness.</param>
/// <param name="faults">Its consensus faults.</param>
/// <param name="head">The tipset that is executed.</param>
/// <param name="epoch">The epoch: that of the tipset, or a null round before it.</param>
/// <param name="state">The state before this epoch's messages.</param>
internal sealed class ChainExterns(
    ChainReader reader, ChainRandomness randomness, ConsensusFaults faults, Tipset head, ChainEpoch epoch, Cid state) : IExterns
{
    public byte[] GetChainRandomness(ChainEpoch at) => Ask(() => randomness.OfTickets(head, at));

    public byte[] GetBeaconRandomness(ChainEpoch at) => Ask(() => randomness.OfBeacon(head, at));

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra) =>
        faults.Verify(head, epoch, state, first, second, extra);

    public Cid GetTipsetCid(ChainEpoch at) => Ask(() => reader.AtEpoch(head, at, before: true).ToCid());

    private static T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (ChainException exception)
        {
            throw new ExternException(exception.Message, exception);
        }
    }
}
