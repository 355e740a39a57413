using System.Diagnostics;
using Fvm.Diff;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>
/// Makes a find smaller while it differs in the same way: fewer messages, shorter parameters and code, no value, a plain gas limit. All candidates
/// of a step run as one batch, and the smallest that still differs is the next one.
/// </summary>
internal sealed class Minimiser(BatchRunner runner)
{
    private const int MostSteps = 16;
    private const int SizeOfMessage = 64;
    private const int Pieces = 6;
    private const ulong PlainGasLimit = 10_000_000_000;

    // A command compiles the actors at each step.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(1);

    /// <summary>The smallest input found that differs as the given one does.</summary>
    public InputRun Minimise(InputRun find)
    {
        string wanted = FindSignature.Of(find.Comparison);
        InputRun best = find;
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < MostSteps && Stopwatch.GetElapsedTime(start) < MostTime; step++)
        {
            int size = Size(best.Input.Vector.Messages);
            FuzzInput[] candidates = [.. Candidates(best).Where(candidate => Size(candidate.Vector.Messages) < size)];
            InputRun? next = candidates.Length == 0
                ? null
                : runner.Run(candidates)
                    .Where(run => run.Comparison.Status == ComparisonStatus.Different && FindSignature.Of(run.Comparison) == wanted)
                    .MinBy(static run => Size(run.Input.Vector.Messages));
            if (next is null)
            {
                return best;
            }

            best = next;
        }

        return best;
    }

    private static IEnumerable<FuzzInput> Candidates(InputRun run)
    {
        IReadOnlyList<VectorMessage> messages = run.Input.Vector.Messages;
        if (run.Comparison.Message is int at && at < messages.Count)
        {
            foreach (FuzzInput input in Both(run.Input, [messages[at]]).Concat(Both(run.Input, [.. messages.Take(at + 1)])))
            {
                yield return input;
            }
        }

        for (int length = messages.Count / 2; length > 0; length /= 2)
        {
            for (int from = 0; from + length <= messages.Count; from += length)
            {
                foreach (FuzzInput input in Both(run.Input, [.. messages.Take(from), .. messages.Skip(from + length)]))
                {
                    yield return input;
                }
            }
        }

        for (int index = 0; index < messages.Count; index++)
        {
            foreach (VectorMessage smaller in Smaller(messages[index]))
            {
                yield return run.Input.With([.. messages.Take(index), smaller, .. messages.Skip(index + 1)]);
            }
        }
    }

    // As they are, and with the numbers that their senders' messages then have.
    private static IEnumerable<FuzzInput> Both(FuzzInput input, VectorMessage[] messages) => messages.Length == 0
        ? []
        : [input.With(messages), input.With(InputGenerator.Numbered(messages, input.State))];

    private static IEnumerable<VectorMessage> Smaller(VectorMessage source)
    {
        Message message = Message.Decode(source.Bytes);
        List<Message> all = [];
        if (!message.Value.IsZero)
        {
            all.Add(message with { Value = TokenAmount.Zero });
        }

        if (message.GasLimit > PlainGasLimit)
        {
            all.Add(message with { GasLimit = PlainGasLimit });
        }

        all.AddRange(Shorter(message.Params.ToArray()).Select(shorter => message with { Params = shorter }));
        return all.Select(shorter => MessageGenerator.Encode(shorter, source.Implicit, source.RawLength)).OfType<VectorMessage>();
    }

    // Parameters without a piece: of their own bytes, or, where they are one byte string (such as a contract's code), of that one's.
    private static IEnumerable<byte[]> Shorter(byte[] parameters)
    {
        if (parameters.Length == 0)
        {
            yield break;
        }

        yield return [];
        byte[]? content = ByteString(parameters);
        foreach (byte[] shorter in WithoutPieces(content ?? parameters))
        {
            if (content is null)
            {
                yield return shorter;
                continue;
            }

            CborWriter writer = new();
            writer.WriteBytes(shorter);
            yield return writer.ToArray();
        }
    }

    private static IEnumerable<byte[]> WithoutPieces(byte[] bytes)
    {
        for (int length = bytes.Length / 2; length > 0; length = length > bytes.Length / Pieces ? length / 2 : 0)
        {
            for (int from = 0; from + length <= bytes.Length; from += length)
            {
                yield return [.. bytes.AsSpan(0, from), .. bytes.AsSpan(from + length)];
            }
        }
    }

    private static byte[]? ByteString(byte[] parameters)
    {
        try
        {
            CborReader reader = new(parameters);
            byte[] content = reader.ReadBytes().ToArray();
            reader.EnsureEnd();
            return content;
        }
        catch (CborException)
        {
            return null;
        }
    }

    private static int Size(IReadOnlyList<VectorMessage> messages) => messages.Sum(static message => message.Bytes.Length + SizeOfMessage);
}
