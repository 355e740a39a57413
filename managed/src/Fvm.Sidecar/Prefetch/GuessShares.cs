namespace Fvm.Sidecar;

/// <summary>How many guesses were right, by kind. A kind that is mostly wrong pauses, and is tried again now and then. Thread-safe.</summary>
internal sealed class GuessShares
{
    // A guess costs the client a look-up and the connection a block; a right one saves a round trip, which takes ten times as long.
    private const int WorthOneIn = 4;

    // Fewer say nothing.
    private const int FewGuesses = 32;

    // Older guesses count half, a quarter, and so on.
    private const int ManyGuesses = 512;
    private const int OpportunitiesPerTrial = 16;

    // Walks that found nothing to ask for, or nothing that the client has, one after another: the blocks of messages are here already.
    private const int IdleWalks = 8;

    // Creations and messages in a row for which the client was asked for no block. With 64 of them, 64 sessions of a few dozen messages each took a
    // quarter more processor time: they never came to it.
    private const int QuietCalls = 16;

    private readonly Lock _gate = new();
    private readonly Share[] _shares = new Share[(int)GuessKind.ManySiblings + 1];
    private int _idleWalks;
    private int _passedWalks;
    private int _quietCalls;

    /// <summary>Whether a guess of a kind is worth it.</summary>
    public bool IsWorth(GuessKind kind)
    {
        lock (_gate)
        {
            ref Share share = ref _shares[(int)kind];
            return share.Guesses < FewGuesses || share.Right * WorthOneIn >= share.Guesses || ++share.Passed % OpportunitiesPerTrial == 0;
        }
    }

    /// <summary>Counts a guess.</summary>
    public void Add(GuessKind kind)
    {
        lock (_gate)
        {
            ref Share share = ref _shares[(int)kind];
            if (++share.Guesses >= ManyGuesses)
            {
                share.Guesses /= 2;
                share.Right /= 2;
            }
        }
    }

    /// <summary>A guess was right.</summary>
    public void AddRight(GuessKind kind)
    {
        lock (_gate)
        {
            _shares[(int)kind].Right++;
        }
    }

    /// <summary>A creation or a message begins.</summary>
    /// <returns>
    /// Whether to look for its blocks ahead, and to note what it reads: not if the last ones found all of theirs here. Looking for what is here took
    /// 8 % of the lane's time for a machine with one short message.
    /// </returns>
    public bool BeginCall() => Volatile.Read(ref _quietCalls) < QuietCalls && Interlocked.Increment(ref _quietCalls) <= QuietCalls;

    /// <summary>The client was asked for a block that was wanted, or had one that was guessed.</summary>
    public void Asked()
    {
        if (Interlocked.Exchange(ref _quietCalls, 0) < QuietCalls) return;

        lock (_gate)
        {
            _idleWalks = 0;
        }
    }

    /// <summary>Whether to look ahead of a message: not each time if there was nothing to ask for lately.</summary>
    public bool AreWalksWorth()
    {
        lock (_gate)
        {
            return _idleWalks < IdleWalks || ++_passedWalks % IdleWalks == 0;
        }
    }

    /// <summary>Notes a walk.</summary>
    /// <param name="found">Whether the client had anything that it was asked for.</param>
    public void Walked(bool found)
    {
        lock (_gate)
        {
            _idleWalks = found ? 0 : Math.Min(_idleWalks + 1, IdleWalks);
        }
    }

    private struct Share
    {
        public int Guesses;
        public int Right;
        public int Passed;
    }
}
