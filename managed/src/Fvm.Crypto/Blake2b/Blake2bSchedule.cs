using System.Buffers.Binary;

namespace Fvm.Crypto;

/// <summary>Assigns the messages of a <see cref="Blake2bBatch"/> to lanes: a lane whose message ends takes the next one.</summary>
internal ref struct Blake2bSchedule
{
    /// <summary>The fewest messages that are hashed in lanes: unused lanes take as long as used ones.</summary>
    public const int FewestLanes = 2;

    private const int BlockBytes = Blake2bCompression.BlockBytes;
    private const int Words = 8;
    private const int MostLanes = Blake2bLanes.MostLanes;

    /// <summary>The size of the buffer of input, in bytes.</summary>
    public const int InputBytes = MostLanes * MostBlocks * BlockBytes;

    /// <summary>The size of the buffer of state, in words.</summary>
    public const int StateWords = (Words + 2) * MostLanes;

    // Blocks per lane and step.
    private const int MostBlocks = 8;
    private const int None = -1;

    private readonly int _lanes;
    private readonly ReadOnlySpan<ReadOnlyMemory<byte>> _parts;
    private readonly ReadOnlySpan<int> _ends;
    private readonly Span<byte> _digests;

    // The chaining values, all lanes of word 0 first; then per lane the bytes before the next block, and all ones if that is the last.
    private readonly Span<ulong> _state;
    private readonly Span<ulong> _counters;
    private readonly Span<ulong> _finals;

    // The next blocks of all lanes, those of lane 0 first.
    private readonly Span<byte> _input;
    private LaneNumbers _owners;

    // Per lane: the bytes that are left of its message, the index of the next byte's part, and that byte's place in it.
    private LaneLengths _left;
    private LaneNumbers _partOf;
    private LaneNumbers _placeOf;
    private int _next;
    private int _active;

    /// <param name="lanes">The number of lanes: one that <see cref="Blake2bLanes"/> has on this processor.</param>
    /// <param name="parts">The parts of all messages, in order.</param>
    /// <param name="ends">Per message, the number of parts up to its end.</param>
    /// <param name="digests">Receives 32 bytes per message.</param>
    /// <param name="input">A buffer of <see cref="InputBytes"/>.</param>
    /// <param name="words">A buffer of <see cref="StateWords"/>.</param>
    public Blake2bSchedule(
        int lanes,
        ReadOnlySpan<ReadOnlyMemory<byte>> parts,
        ReadOnlySpan<int> ends,
        Span<byte> digests,
        Span<byte> input,
        Span<ulong> words)
    {
        _lanes = lanes;
        _parts = parts;
        _ends = ends;
        _digests = digests;
        _input = input;
        _state = words[..(Words * lanes)];
        _counters = words.Slice(Words * lanes, lanes);
        _finals = words.Slice((Words + 1) * lanes, lanes);
        words.Clear();
        ((Span<int>)_owners).Fill(None);
    }

    public void Run()
    {
        Refill();
        while (_active >= FewestLanes)
        {
            Step();
            Refill();
        }

        for (int lane = 0; lane < _lanes; lane++)
        {
            if (_owners[lane] != None)
            {
                FinishAlone(lane);
            }
        }
    }

    // Gives each idle lane a message.
    private void Refill()
    {
        for (int lane = 0; lane < _lanes && _next < _ends.Length; lane++)
        {
            if (_owners[lane] != None)
            {
                continue;
            }

            _partOf[lane] = _next == 0 ? 0 : _ends[_next - 1];
            _placeOf[lane] = 0;
            _left[lane] = 0;
            foreach (ReadOnlyMemory<byte> part in _parts[_partOf[lane].._ends[_next]])
            {
                _left[lane] += part.Length;
            }

            _owners[lane] = _next++;
            _active++;
            _counters[lane] = 0;
            for (int word = 0; word < Words; word++)
            {
                _state[(word * _lanes) + lane] = Blake2bCompression.InitialVector[word];
            }

            _state[lane] ^= Blake2bCompression.ParametersOf(Blake2b.Size256);
        }
    }

    // Compresses as many blocks as no message ends with; if one is at its last block, a single one of each.
    private void Step()
    {
        int blocks = MostBlocks;
        for (int lane = 0; lane < _lanes; lane++)
        {
            if (_owners[lane] != None)
            {
                blocks = (int)Math.Min(blocks, (_left[lane] - 1) / BlockBytes);
            }
        }

        bool ends = blocks <= 0;
        blocks = Math.Max(blocks, 1);
        int bytes = blocks * BlockBytes;
        for (int lane = 0; lane < _lanes; lane++)
        {
            _finals[lane] = 0;
            if (_owners[lane] == None)
            {
                continue;
            }

            Span<byte> input = _input.Slice(lane * bytes, bytes);
            if (ends && _left[lane] <= BlockBytes)
            {
                // The kernel adds a whole block to the counter, which counts the message's bytes only.
                int rest = (int)_left[lane];
                _finals[lane] = ulong.MaxValue;
                _counters[lane] -= (ulong)(BlockBytes - rest);
                Take(lane, input[..rest]);
                input[rest..].Clear();
            }
            else
            {
                Take(lane, input);
            }
        }

        Blake2bLanes.Compress(_state, _input[..(_lanes * bytes)], blocks, _counters, _finals);
        for (int lane = 0; lane < _lanes; lane++)
        {
            if (_finals[lane] != 0)
            {
                WriteDigest(lane);
            }
        }
    }

    private void WriteDigest(int lane)
    {
        Span<byte> digest = _digests.Slice(_owners[lane] * Blake2b.Size256, Blake2b.Size256);
        for (int word = 0; word < Blake2b.Size256 / sizeof(ulong); word++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(word * sizeof(ulong))..], _state[(word * _lanes) + lane]);
        }

        _owners[lane] = None;
        _active--;
    }

    // The next bytes of a lane's message.
    private void Take(int lane, scoped Span<byte> into)
    {
        _left[lane] -= into.Length;
        while (!into.IsEmpty)
        {
            ReadOnlySpan<byte> part = PartOf(lane);
            int taken = Math.Min(part.Length, into.Length);
            part[..taken].CopyTo(into);
            into = into[taken..];
            _placeOf[lane] += taken;
        }
    }

    // What is left of the part that holds a lane's next byte; there has to be one.
    private ReadOnlySpan<byte> PartOf(int lane)
    {
        while (_placeOf[lane] == _parts[_partOf[lane]].Length)
        {
            _partOf[lane]++;
            _placeOf[lane] = 0;
        }

        return _parts[_partOf[lane]].Span[_placeOf[lane]..];
    }

    // Continues a message by itself.
    private void FinishAlone(int lane)
    {
        Span<ulong> state = stackalloc ulong[Words];
        for (int word = 0; word < Words; word++)
        {
            state[word] = _state[(word * _lanes) + lane];
        }

        UInt128 counter = _counters[lane];
        Span<byte> block = stackalloc byte[BlockBytes];
        while (_left[lane] > BlockBytes)
        {
            // Whole blocks within one part are not copied.
            ReadOnlySpan<byte> part = PartOf(lane);
            int whole = (int)Math.Min(part.Length, _left[lane] - 1) / BlockBytes * BlockBytes;
            if (whole > 0)
            {
                counter = Blake2bCompression.Compress(state, part[..whole], counter, final: false);
                _placeOf[lane] += whole;
                _left[lane] -= whole;
            }
            else
            {
                Take(lane, block);
                counter = Blake2bCompression.Compress(state, block, counter, final: false);
            }
        }

        int rest = (int)_left[lane];
        Take(lane, block[..rest]);
        block[rest..].Clear();
        _ = Blake2bCompression.Compress(state, block, counter - (UInt128)(BlockBytes - rest), final: true);
        for (int word = 0; word < Words; word++)
        {
            _state[(word * _lanes) + lane] = state[word];
        }

        WriteDigest(lane);
    }

    [System.Runtime.CompilerServices.InlineArray(MostLanes)]
    private struct LaneNumbers
    {
        private int _first;
    }

    [System.Runtime.CompilerServices.InlineArray(MostLanes)]
    private struct LaneLengths
    {
        private long _first;
    }
}
