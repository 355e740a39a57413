using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Reads amounts in the states of builtin actors, by their positions.</summary>
internal static class ActorFields
{
    /// <summary>The sum of neighbouring fields.</summary>
    /// <param name="tree">The state.</param>
    /// <param name="id">The actor.</param>
    /// <param name="index">The position of the first field.</param>
    /// <param name="count">The number of fields.</param>
    /// <exception cref="ChainException">The state is incomplete, or has no amounts there.</exception>
    public static TokenAmount Sum(StateTree tree, ActorId id, int index, int count = 1)
    {
        Cid state = ActorOf(tree, id).State;
        byte[] block = tree.Store.Get(state) ?? throw new ChainException($"the state of f0{id} is missing: {state}");
        try
        {
            CborReader reader = new(block);
            reader.ReadArrayHeader();
            for (int field = 0; field < index; field++)
            {
                reader.Skip();
            }

            TokenAmount sum = TokenAmount.Zero;
            for (int field = 0; field < count; field++)
            {
                sum += ChainCbor.ReadAmount(ref reader);
            }

            return sum;
        }
        catch (CborException exception)
        {
            throw new ChainException($"the state {state} of f0{id} has no amount in field {index}: {exception.Message}", exception);
        }
    }

    /// <summary>An actor that every state has.</summary>
    /// <exception cref="ChainException">It is not there.</exception>
    public static ActorState ActorOf(StateTree tree, ActorId id) =>
        tree.GetActor(id) ?? throw new ChainException($"there is no actor f0{id} in the state");
}
