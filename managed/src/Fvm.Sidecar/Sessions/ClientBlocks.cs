using System.Runtime.InteropServices;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;
using AnswerKind = Fvm.Protocol.V1.CallbackAnswer.AnswerOneofCase;

namespace Fvm.Sidecar;

/// <summary>A client's blockstore, by callbacks. A store reports its failures by <see cref="BlockstoreException"/>.</summary>
internal sealed class ClientBlocks(ClientHost host, SessionBytes bytes)
{
    // Of a frame of puts, unless one block is larger.
    private const int MaxPutBytes = 4 << 20;

    // Blocks asked for on a guess at a time, each taken for as large as a block may be.
    private const int MaxGuessesAtOnce = 128;
    private const long MaxBlockBytes = 1 << 20;

    public HostCalls Calls => host.Calls;

    /// <summary>Takes blocks that are put, instead of the client; null for the client.</summary>
    public Action<PutBlocks>? PutsTo { get; set; }

    /// <summary>How many guesses the session has room for.</summary>
    public int MaxGuesses => (int)Math.Clamp(bytes.Spare / MaxBlockBytes, 0, MaxGuessesAtOnce);

    /// <summary>Gets a block, and others on a guess.</summary>
    /// <returns>The wanted block and the others; without these if the client could not answer for all of them.</returns>
    public byte[]?[] Get(Cid wanted, List<WalkStep> others)
    {
        if (others.Count > 0)
        {
            GatheredAnswers answers = Gather([wanted, .. others.Select(static step => step.Cid)], [], null);
            if (answers.Blocks is byte[]?[] blocks)
            {
                return blocks;
            }
        }

        host.Calls.Blocks++;
        return Read(AskOf(Question([wanted]), AnswerKind.Blocks), 1);
    }

    /// <summary>Which blocks exist.</summary>
    public bool[] Has(IReadOnlyList<Cid> cids)
    {
        host.Calls.Blocks += cids.Count;
        return Exist(AskOf(ExistenceQuestion(cids), AnswerKind.Existence), cids.Count);
    }

    /// <summary>Stores blocks, in as many frames as they need.</summary>
    public void Put(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        PutBlocks batch = new();
        int length = 0;
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            if (batch.Blocks.Count > 0 && length + block.Value.Length > MaxPutBytes)
            {
                Send(batch);
                batch = new PutBlocks();
                length = 0;
            }

            batch.Blocks.Add(BlockOf(block));
            length += block.Value.Length;
        }

        if (batch.Blocks.Count > 0)
        {
            Send(batch);
        }
    }

    /// <summary>Asks what nothing depends on, in one round trip: a failure is no answer.</summary>
    /// <param name="wanted">Blocks to get.</param>
    /// <param name="unconfirmed">Blocks that may exist.</param>
    /// <param name="stored">A block to store; null for none.</param>
    public GatheredAnswers Gather(IReadOnlyList<Cid> wanted, IReadOnlyList<Cid> unconfirmed, KeyValuePair<Cid, byte[]>? stored)
    {
        List<(Callback Question, AnswerKind Wanted)> questions = [];
        if (wanted.Count > 0)
        {
            questions.Add((Question(wanted), AnswerKind.Blocks));
        }

        if (unconfirmed.Count > 0)
        {
            questions.Add((ExistenceQuestion(unconfirmed), AnswerKind.Existence));
        }

        if (stored is KeyValuePair<Cid, byte[]> block)
        {
            questions.Add((new Callback { PutBlocks = new PutBlocks { Blocks = { BlockOf(block) } } }, AnswerKind.Stored));
        }

        host.Calls.Blocks += wanted.Count + unconfirmed.Count;

        // Sound: nothing is added to the list while the span is used.
        List<CallbackAnswer>?[] answers = host.TryAskTogether(CollectionsMarshal.AsSpan(questions));
        GatheredAnswers gathered = default;
        for (int i = 0; i < answers.Length; i++)
        {
            if (answers[i] is not List<CallbackAnswer> given)
            {
                continue;
            }

            gathered = questions[i].Wanted switch
            {
                AnswerKind.Blocks => gathered with { Blocks = Read(given, wanted.Count) },
                AnswerKind.Existence => gathered with { Exist = Exist(given, unconfirmed.Count) },
                _ => gathered with { IsStored = true },
            };
        }

        return gathered;
    }

    private static Callback Question(IReadOnlyList<Cid> cids) => new() { GetBlocks = new GetBlocks { Cids = { BytesOf(cids) } } };

    private static Callback ExistenceQuestion(IReadOnlyList<Cid> cids) => new() { HasBlocks = new HasBlocks { Cids = { BytesOf(cids) } } };

    private static IEnumerable<ByteString> BytesOf(IReadOnlyList<Cid> cids) => cids.Select(static cid => ToClient.Bytes(in cid));

    private static Protocol.V1.Block BlockOf(KeyValuePair<Cid, byte[]> block)
    {
        Cid cid = block.Key;
        return new Protocol.V1.Block { Cid = ToClient.Bytes(in cid), Data = UnsafeByteOperations.UnsafeWrap(block.Value) };
    }

    private static byte[]?[] Read(List<CallbackAnswer> answers, int count)
    {
        byte[]?[] blocks = new byte[]?[count];
        int next = 0;
        foreach (CallbackAnswer answer in answers)
        {
            foreach (MaybeBlock block in answer.Blocks.Blocks)
            {
                if (next < count)
                {
                    blocks[next] = block.HasData ? BytesOf(block.Data) : null;
                }

                next++;
            }
        }

        return next == count ? blocks : throw ClientHost.Mismatch($"the client answered a get of {count} blocks with {next}");
    }

    private static bool[] Exist(List<CallbackAnswer> answers, int count)
    {
        ExistenceAnswer answer = answers[^1].Existence;
        return answer.Exists.Count == count
            ? [.. answer.Exists]
            : throw ClientHost.Mismatch($"the client answered a question for {count} blocks with {answer.Exists.Count}");
    }

    // Sound: what was parsed is an array of its own, which nobody changes.
    private static byte[] BytesOf(ByteString data) =>
        MemoryMarshal.TryGetArray(data.Memory, out ArraySegment<byte> bytes) && bytes.Array is byte[] array && array.Length == data.Length
            ? array
            : data.ToByteArray();

    private void Send(PutBlocks batch)
    {
        if (PutsTo is Action<PutBlocks> take)
        {
            take(batch);
        }
        else
        {
            AskOf(new Callback { PutBlocks = batch }, AnswerKind.Stored);
        }
    }

    private List<CallbackAnswer> AskOf(Callback question, AnswerKind wanted)
    {
        try
        {
            return host.AskForParts(question, wanted);
        }
        catch (ExternException e)
        {
            throw new BlockstoreException(e.Message, e);
        }
    }
}
