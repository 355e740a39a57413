namespace Fvm.Tracing;

/// <summary>The accounts that a message touched, before and after it.</summary>
internal static class AccountChanges
{
    /// <summary>The touched accounts by address: the sender, and all callers and receivers in its calls.</summary>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public static IReadOnlyList<AccountChange> Of(CallTree tree, in Address sender, StateReader before, StateReader after)
    {
        SortedSet<ActorId> ids = [];
        if ((before.FindId(sender) ?? after.FindId(sender)) is ActorId id)
        {
            ids.Add(id);
        }

        Stack<CallNode> left = new(tree.Calls);
        while (left.TryPop(out CallNode? call))
        {
            ids.Add(call.Call.From);
            if (call.Invoked is InvokeActorEvent invoked)
            {
                ids.Add(invoked.Id);
            }

            foreach (CallNode inner in call.Calls)
            {
                left.Push(inner);
            }
        }

        List<AccountChange> changes = [];
        foreach (ActorId each in ids)
        {
            EthAccount? old = before.Find(each);
            EthAccount? now = after.Find(each);
            if ((old ?? now) is not null)
            {
                changes.Add(new AccountChange(old, now, before.StorageChanges(old, now, after)));
            }
        }

        changes.Sort(static (one, other) => one.Address.CompareTo(other.Address));
        return changes;
    }
}
