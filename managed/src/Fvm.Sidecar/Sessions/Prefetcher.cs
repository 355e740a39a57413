using System.Collections.Concurrent;
using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// Asks for the blocks that a machine will read before it does: ways to actors, for all of them level by level, and for all messages that the client
/// has sent. Results do not depend on it: a block that the client lacks is asked for again when it is wanted.
/// </summary>
internal sealed class Prefetcher(ClientBlockstore store, ClientBlocks client, SessionParts session)
{
    // The depth of two maps and a state in the largest network, and more.
    private const int MaxRounds = 24;
    private const int MaxUnconfirmed = 256;
    private const int MaxWalked = 4_096;
    private const int MaxMessagesAtOnce = 64;
    private const int MaxAnnounced = 1_024;

    private readonly ConcurrentQueue<SessionMessage> _announced = new();
    private readonly HashSet<Address> _walked = [];
    private StateWalks? _walks;
    private Cid _root;

    /// <summary>A message has come, and waits for the calls before it. Thread-safe.</summary>
    public void Announce(SessionMessage message)
    {
        if (_announced.Count < MaxAnnounced)
        {
            _announced.Enqueue(message);
        }
    }

    /// <summary>A machine is about to be created on a state.</summary>
    public void BeforeCreation(in Cid root)
    {
        _root = root;
        _walks = new StateWalks(store, root);
        if (!BeginCall()) return;

        // What creation reads, and what each message pays to.
        Search search = new();
        Cid[] earlier = session.Earlier.OfCreation(in root, out bool isSame);
        if (!TryAddEarlier(search, earlier) || !isSame)
        {
            search.Walks.AddRange(
            [
                _walks.ToActor(ActorId.System, GuessKind.Path, runs: true), _walks.ToActor(ActorId.Init, GuessKind.Path, runs: true),
                _walks.ToActor(ActorId.BurntFunds, GuessKind.Path, runs: false), _walks.ToActor(ActorId.Reward, GuessKind.Path, runs: false),
            ]);
        }

        AddAnnounced(search);
        Run(search, session.Known.Contains(EmptyState.Cid) ? null : new(EmptyState.Cid, EmptyState.Block));
    }

    /// <summary>The machine was created.</summary>
    public void AfterCreation()
    {
        if (store.NotesReads)
        {
            session.Earlier.NoteCreation(in _root, store.TakeReads());
        }
    }

    /// <summary>A message is about to be executed; perhaps others wait behind it.</summary>
    public void BeforeMessage()
    {
        if (!BeginCall()) return;

        Search search = new();
        AddAnnounced(search);
        Run(search, null);
    }

    /// <summary>A message was executed.</summary>
    public void AfterMessage(Message message)
    {
        if (store.NotesReads)
        {
            session.Earlier.Note(in _root, message, store.TakeReads());
        }
    }

    private bool BeginCall()
    {
        store.NotesReads = session.Guesses.BeginCall();
        if (!store.NotesReads)
        {
            while (_announced.TryDequeue(out _))
            {
                // Nobody will look ahead of it.
            }
        }

        return store.NotesReads;
    }

    private void AddAnnounced(Search search)
    {
        for (int i = 0; i < MaxMessagesAtOnce && _announced.TryDequeue(out SessionMessage? announced); i++)
        {
            if (announced.TryDecode() is not Message message)
            {
                continue;
            }

            Cid[] earlier = session.Earlier.Of(in _root, message, out bool isSame);
            if (TryAddEarlier(search, earlier) && isSame)
            {
                // Ways to the actors would lead along these blocks: a search for others takes longer than a message.
                continue;
            }

            Add(search.Walks, message.From, GuessKind.Path, runs: false);
            Add(search.Walks, message.To, GuessKind.Path, runs: !message.Method.IsSend);
            if (session.Guesses.IsWorth(GuessKind.Parameter))
            {
                foreach (Address address in ParameterAddresses.Of(message.Params.Span))
                {
                    Add(search.Walks, address, GuessKind.Parameter, runs: true);
                }
            }
        }
    }

    // Blocks that were read last time: those that are not here, and those that the client has not shown to have. False if they are not worth it.
    private bool TryAddEarlier(Search search, Cid[] earlier)
    {
        List<WalkStep> again = search.Again;
        int before = again.Count;
        foreach (Cid cid in earlier)
        {
            if (store.TryPeek(in cid, out _))
            {
                AddUnconfirmed(search.Unconfirmed, in cid);
            }
            else if (again.Count < client.MaxGuesses && store.MayGuess(in cid) && !Has(again, before, in cid))
            {
                again.Add(new WalkStep(cid, GuessKind.Again));
            }
        }

        if (again.Count == before || session.Guesses.IsWorth(GuessKind.Again)) return true;

        again.RemoveRange(before, again.Count - before);
        return false;
    }

    private void AddUnconfirmed(List<Cid> unconfirmed, in Cid cid)
    {
        if (unconfirmed.Count < MaxUnconfirmed && store.IsUnconfirmed(in cid) && !unconfirmed.Contains(cid))
        {
            unconfirmed.Add(cid);
        }
    }

    // Of the first few steps: those of one earlier call differ.
    private static bool Has(List<WalkStep> steps, int count, in Cid cid)
    {
        for (int i = 0; i < count; i++)
        {
            if (steps[i].Cid == cid) return true;
        }

        return false;
    }

    // Each address once: later look-ups find its blocks here, or in the machine's tree.
    private void Add(List<IEnumerable<WalkStep>> walks, in Address address, GuessKind kind, bool runs)
    {
        if (_walked.Count >= MaxWalked)
        {
            _walked.Clear();
        }

        if (_walked.Add(address))
        {
            walks.Add(_walks!.ToAddress(address, kind, runs));
        }
    }

    private void Run(Search search, KeyValuePair<Cid, byte[]>? stored)
    {
        (List<WalkStep> again, List<Cid> unconfirmed) = (search.Again, search.Unconfirmed);
        if (search.Walks.Count == 0)
        {
            if (again.Count > 0 || unconfirmed.Count > 0 || stored is not null)
            {
                session.Guesses.Walked(store.Gather(again, unconfirmed, stored));
            }
        }
        else if (again.Count > 0 || session.Guesses.AreWalksWorth())
        {
            session.Guesses.Walked(Walk(search.Walks, again, unconfirmed, stored));
        }
    }

    // Whether the client had something of what it was asked for.
    private bool Walk(List<IEnumerable<WalkStep>> walks, List<WalkStep> steps, List<Cid> unconfirmed, KeyValuePair<Cid, byte[]>? stored)
    {
        List<IEnumerator<WalkStep>> active = [.. walks.Select(static walk => walk.GetEnumerator())];
        List<WalkStep> others = [];
        bool found = false;
        for (int round = 0; round < MaxRounds && (active.Count > 0 || steps.Count > 0); round++)
        {
            active.RemoveAll(walk => !Advance(walk, steps, others, unconfirmed));
            if (steps.Count == 0)
            {
                break;
            }

            // Other machines of the session may have taken the room in the meantime.
            int room = Math.Clamp(client.MaxGuesses - steps.Count, 0, others.Count);
            steps.AddRange(others.Take(room));
            others.RemoveRange(0, room);
            found |= store.Gather(steps, unconfirmed, stored);
            stored = null;
            unconfirmed.Clear();
            steps.Clear();
        }

        if (unconfirmed.Count > 0 || stored is not null)
        {
            found |= store.Gather(others, unconfirmed, stored);
            others.Clear();
        }

        store.Suggest(others);
        active.ForEach(static walk => walk.Dispose());
        return found;
    }

    // Whether the walk waits for a block.
    private bool Advance(IEnumerator<WalkStep> walk, List<WalkStep> steps, List<WalkStep> others, List<Cid> unconfirmed)
    {
        while (walk.MoveNext())
        {
            WalkStep step = walk.Current;
            Cid cid = step.Cid;
            if (step is { Kind: GuessKind.Path or GuessKind.State, IsLast: false })
            {
                store.NoteRead(in cid);
            }

            if (store.TryPeek(in cid, out _))
            {
                AddUnconfirmed(unconfirmed, in cid);
                continue;
            }

            List<WalkStep> list = step.IsLast ? others : steps;
            bool isAsked = steps.Exists(other => other.Cid == cid) || others.Exists(other => other.Cid == cid);
            if (!isAsked && list.Count < client.MaxGuesses && store.MayGuess(in cid) && session.Guesses.IsWorth(step.Kind))
            {
                list.Add(step);
                isAsked = true;
            }

            if (!step.IsLast)
            {
                return isAsked;
            }
        }

        return false;
    }

    /// <summary>What to look for before a call.</summary>
    private sealed class Search
    {
        /// <summary>Ways to actors; none of what was executed on the same state before: what was read then is all that will be read.</summary>
        public List<IEnumerable<WalkStep>> Walks { get; } = [];

        /// <summary>Blocks to ask for that were read last time.</summary>
        public List<WalkStep> Again { get; } = [];

        /// <summary>Blocks that are here, but may be none of this client's.</summary>
        public List<Cid> Unconfirmed { get; } = [];
    }
}
