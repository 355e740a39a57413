using System.Text.Json;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>States written by the reference. The CAR of a vector contains only the blocks read by its messages.</summary>
public sealed class RecordedStateTests
{
    [TestCase("nv21", "sends")]
    [TestCase("nv28", "sends")]
    [TestCase("nv28", "multisig")]
    public void Actors_and_addresses_are_found_and_a_rewritten_tree_has_its_old_root(string network, string set)
    {
        int actors = 0;
        int addresses = 0;
        foreach (JsonElement vector in SharedVectors.Read(network, set))
        {
            MemoryBlockstore store = new();
            CarBlockstore.LoadInto(new MemoryStream(vector.GetProperty("car").GetBytesFromBase64()), store);
            JsonElement preState = vector.GetProperty("preconditions").GetProperty("state_tree");
            string root = preState.GetProperty("root_cid").GetProperty("/").GetString()!;
            StateTree tree = StateTree.Load(store, Cid.Parse(root), StateTreeVersion.V5);

            ActorState init = tree.GetActor(ActorId.Init)!;
            Assert.That(init, Is.Not.Null);
            foreach (JsonElement message in vector.GetProperty("apply_messages").EnumerateArray())
            {
                Address from = Message.Decode(message.GetProperty("bytes").GetBytesFromBase64()).From;
                if (TryLookup(tree, from, out ActorId id) && tree.GetActor(id) is ActorState sender)
                {
                    actors++;
                    addresses += from.Protocol == AddressProtocol.Id ? 0 : 1;
                    tree.SetActor(id, sender with { Sequence = sender.Sequence + 1 });
                    tree.SetActor(id, sender);
                }
            }

            Assert.That(tree.Flush().ToString(), Is.EqualTo(root));
        }

        Assert.That(actors, Is.Positive);
        Assert.That(addresses, Is.Positive);
    }

    // An address that was not looked up by the messages' execution may be missing.
    private static bool TryLookup(StateTree tree, in Address address, out ActorId id)
    {
        try
        {
            return tree.TryLookupId(address, out id);
        }
        catch (FatalException)
        {
            id = default;
            return false;
        }
    }
}
