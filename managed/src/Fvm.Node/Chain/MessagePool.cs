using System.Numerics;

namespace Fvm.Node;

/// <summary>The messages that wait to be mined: per sender in the order of their nonces. Thread-safe.</summary>
internal sealed class MessagePool
{
    /// <summary>Maximum number of messages per sender.</summary>
    public const int MaxPerSender = 1_000;

    /// <summary>Maximum number of messages.</summary>
    public const int MaxInAll = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Address, SortedList<ulong, PoolMessage>> _senders = [];
    private readonly Dictionary<EthHash, PoolMessage> _byHash = [];

    // Null unless somebody takes them.
    private List<(PoolMessage Message, bool IsAdded)>? _changes;

    /// <summary>The number of messages.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byHash.Count;
            }
        }
    }

    /// <summary>Begins to note changes, for <see cref="TakeChanges"/>.</summary>
    public void NoteChanges()
    {
        lock (_gate)
        {
            _changes ??= [];
        }
    }

    /// <summary>The changes since the last call, in their order.</summary>
    public IReadOnlyList<(PoolMessage Message, bool IsAdded)> TakeChanges()
    {
        lock (_gate)
        {
            IReadOnlyList<(PoolMessage, bool)> taken = _changes is { Count: > 0 } ? [.. _changes] : [];
            _changes?.Clear();
            return taken;
        }
    }

    /// <summary>The message of a hash; null if there is none.</summary>
    public PoolMessage? Find(EthHash hash)
    {
        lock (_gate)
        {
            return _byHash.GetValueOrDefault(hash);
        }
    }

    /// <summary>All messages, by sender and nonce.</summary>
    public IReadOnlyList<PoolMessage> All()
    {
        lock (_gate)
        {
            return [.. _senders.Values.SelectMany(static list => list.Values)];
        }
    }

    /// <summary>The nonce behind those in an unbroken row from a sender's next.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="next">The nonce that the state demands next.</param>
    public ulong NonceAfter(in Address sender, ulong next)
    {
        lock (_gate)
        {
            if (_senders.TryGetValue(sender, out SortedList<ulong, PoolMessage>? list))
            {
                while (list.ContainsKey(next))
                {
                    next++;
                }
            }

            return next;
        }
    }

    /// <summary>Adds a message, or puts it in the place of one with the same nonce that pays less.</summary>
    /// <param name="message">The message.</param>
    /// <param name="balance">The sender's balance, which covers all its messages.</param>
    /// <exception cref="RefusedException">The pool does not take it.</exception>
    public void Add(PoolMessage message, in TokenAmount balance)
    {
        lock (_gate)
        {
            if (_byHash.ContainsKey(message.Hash))
            {
                throw new RefusedException($"already known: transaction {message.Hash} waits to be mined");
            }

            SortedList<ulong, PoolMessage> list = _senders.GetValueOrDefault(message.From) ?? [];
            PoolMessage? replaced = list.GetValueOrDefault(message.Nonce);
            if (replaced is null ? list.Count >= MaxPerSender || _byHash.Count >= MaxInAll : !PaysEnough(message, replaced))
            {
                throw new RefusedException(replaced is null
                    ? $"txpool is full: at most {MaxPerSender} transactions wait per sender, {MaxInAll} in all"
                    : $"replacement transaction underpriced: the one with nonce {message.Nonce} offers a priority fee of "
                        + $"{replaced.Message.Message.GasPremium.Atto}: offer {LeastPremium(replaced)} or more");
            }

            TokenAmount cost = message.MaxCost;
            foreach (PoolMessage other in list.Values)
            {
                cost += other == replaced ? TokenAmount.Zero : other.MaxCost;
            }

            if (!message.Unchecked && cost > balance)
            {
                throw new RefusedException(
                    $"insufficient funds for gas * price + value: address {message.From} has {balance.Atto}, "
                    + $"its waiting transactions want {cost.Atto}");
            }

            if (replaced is not null)
            {
                _ = _byHash.Remove(replaced.Hash);
                _changes?.Add((replaced, false));
            }

            list[message.Nonce] = message;
            _senders[message.From] = list;
            _byHash[message.Hash] = message;
            _changes?.Add((message, true));
        }
    }

    /// <summary>Removes a message.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(EthHash hash)
    {
        lock (_gate)
        {
            return _byHash.Remove(hash, out PoolMessage? message) && RemoveFromSender(message);
        }
    }

    /// <summary>Removes messages whose nonces are used up.</summary>
    /// <param name="nextOf">The nonce that the state demands next of a sender.</param>
    public void RemoveUsed(Func<Address, ulong> nextOf)
    {
        lock (_gate)
        {
            foreach ((Address sender, SortedList<ulong, PoolMessage> list) in _senders.ToArray())
            {
                ulong next = nextOf(sender);
                foreach (PoolMessage used in list.Values.Where(message => message.Nonce < next && !message.Unchecked).ToArray())
                {
                    _ = _byHash.Remove(used.Hash);
                    _ = RemoveFromSender(used);
                }
            }
        }
    }

    /// <summary>Replaces the content.</summary>
    public void Reset(IEnumerable<PoolMessage> messages)
    {
        lock (_gate)
        {
            _changes?.AddRange(_byHash.Values.Select(static message => (message, false)));
            _senders.Clear();
            _byHash.Clear();
            foreach (PoolMessage message in messages)
            {
                _changes?.Add((message, true));
                if (!_senders.TryGetValue(message.From, out SortedList<ulong, PoolMessage>? list))
                {
                    _senders[message.From] = list = [];
                }

                list[message.Nonce] = message;
                _byHash[message.Hash] = message;
            }
        }
    }

    /// <summary>Chooses messages for a block: by what they pay, per sender by nonce.</summary>
    /// <param name="baseFee">The block's base fee.</param>
    /// <param name="maxMessages">The most messages.</param>
    /// <param name="maxGas">The sum of their gas limits at most.</param>
    /// <param name="nextOf">The nonce that the state demands next of a sender.</param>
    public IReadOnlyList<PoolMessage> Select(in TokenAmount baseFee, int maxMessages, ulong maxGas, Func<Address, ulong> nextOf)
    {
        lock (_gate)
        {
            PriorityQueue<PoolMessage, BigInteger> ready = new();
            foreach ((Address sender, SortedList<ulong, PoolMessage> list) in _senders)
            {
                ulong next = list.Values[0].Unchecked ? list.Keys[0] : nextOf(sender);
                Offer(list.GetValueOrDefault(next), baseFee);
            }

            List<PoolMessage> chosen = [];
            ulong gas = 0;
            while (chosen.Count < maxMessages && ready.TryDequeue(out PoolMessage? message, out _))
            {
                ulong limit = message.Message.Message.GasLimit;
                if (limit <= maxGas - gas)
                {
                    gas += limit;
                    chosen.Add(message);
                    Offer(_senders[message.From].GetValueOrDefault(message.Nonce + 1), baseFee);
                }
            }

            return chosen;

            void Offer(PoolMessage? message, in TokenAmount fee)
            {
                if (message is not null && (message.Unchecked || message.PremiumAbove(fee).Sign >= 0))
                {
                    ready.Enqueue(message, -message.PremiumAbove(fee));
                }
            }
        }
    }

    // Lotus: chain/messagepool, ComputeMinRBF with the replacement ratio of 1.10.
    private static BigInteger LeastPremium(PoolMessage old) => (old.Message.Message.GasPremium.Atto * 110 / 100) + 1;

    private static bool PaysEnough(PoolMessage message, PoolMessage old) => message.Message.Message.GasPremium.Atto >= LeastPremium(old);

    private bool RemoveFromSender(PoolMessage message)
    {
        _changes?.Add((message, false));
        SortedList<ulong, PoolMessage> list = _senders[message.From];
        _ = list.Remove(message.Nonce);
        if (list.Count == 0)
        {
            _ = _senders.Remove(message.From);
        }

        return true;
    }
}
