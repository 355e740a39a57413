using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>A machine's way to its client, on behalf of the call that runs.</summary>
internal sealed class ClientHost(ulong machineId, Callbacks callbacks, HostCalls calls, CallbackWaits waits) : IDisposable
{
    // Of the first callback on: most machines find all of their blocks here.
    private AnswerSignal? _signal;

    /// <summary>The call that runs; null between calls.</summary>
    public SessionCall? Call { get; set; }

    /// <summary>Callbacks so far, of all kinds.</summary>
    public long RoundTrips { get; private set; }

    public HostCalls Calls => calls;

    /// <summary>Asks the client.</summary>
    /// <returns>The answer, of the wanted kind.</returns>
    /// <exception cref="ResourceExhaustedException">The client did not answer, or not to the question: the call has no result.</exception>
    /// <exception cref="ExternException">The chain has no answer.</exception>
    public CallbackAnswer Ask(Callback question, CallbackAnswer.AnswerOneofCase wanted) => AskForParts(question, wanted)[^1];

    /// <summary>As <see cref="Ask"/>, for an answer in parts.</summary>
    public List<CallbackAnswer> AskForParts(Callback question, CallbackAnswer.AnswerOneofCase wanted)
    {
        List<CallbackAnswer> answers = Collect([(question, wanted)])[0]!;
        Check(question, wanted, answers);
        return answers;
    }

    /// <summary>Asks several questions in one round trip. A failure is no answer: nothing depends on them.</summary>
    /// <returns>The answers; null for failures.</returns>
    /// <exception cref="ResourceExhaustedException">The client did not answer, or not to the question: the call has no result.</exception>
    public List<CallbackAnswer>?[] TryAskTogether(ReadOnlySpan<(Callback Question, CallbackAnswer.AnswerOneofCase Wanted)> questions)
    {
        List<CallbackAnswer>?[] answers = Collect(questions);
        for (int i = 0; i < questions.Length; i++)
        {
            if (answers[i]!.Exists(static answer => answer.AnswerCase == CallbackAnswer.AnswerOneofCase.Failure))
            {
                answers[i] = null;
            }
            else
            {
                Check(questions[i].Question, questions[i].Wanted, answers[i]!);
            }
        }

        return answers;
    }

    /// <inheritdoc/>
    public void Dispose() => _signal?.Dispose();

    /// <summary>An answer that does not fit: the call has no result, as a receipt would say something of the chain.</summary>
    public static ResourceExhaustedException Mismatch(string what) =>
        NoResult(new CallFault(StatusCode.Aborted, ErrorReason.CallbackMismatch, what));

    /// <summary>A call without a result: the machine treats it like exhausted memory, and takes no later call on the incomplete state.</summary>
    public static ResourceExhaustedException NoResult(Exception why) => new(why.Message, why);

    private List<CallbackAnswer>?[] Collect(ReadOnlySpan<(Callback Question, CallbackAnswer.AnswerOneofCase Wanted)> questions)
    {
        SessionCall call = Call ?? throw new InvalidOperationException("a machine asks only within a call");
        PendingAnswer?[] pending = new PendingAnswer?[questions.Length];
        List<CallbackAnswer>?[] answers = new List<CallbackAnswer>?[questions.Length];
        AnswerSignal signal = _signal ??= new AnswerSignal();
        RoundTrips++;
        long asked = Stopwatch.GetTimestamp();
        calls.BeforeCallback();
        try
        {
            for (int i = 0; i < questions.Length; i++)
            {
                questions[i].Question.MachineId = machineId;
                pending[i] = callbacks.Begin(call.Frame.CallId, questions[i].Question, signal);
            }

            using CancellationTokenRegistration waking = call.Cancelled.UnsafeRegister(static signal => ((AnswerSignal)signal!).Set(), signal);
            for (int i = 0; i < questions.Length; i++)
            {
                answers[i] = callbacks.Wait(pending[i]!, signal, call.Cancelled);
            }

            return answers;
        }
        catch (Exception e) when (e is CallFault or OperationCanceledException)
        {
            throw NoResult(e is CallFault ? e : CallFault.Of(e));
        }
        finally
        {
            calls.AfterCallback();
            for (int i = 0; i < questions.Length; i++)
            {
                waits.Add(questions[i].Question.QuestionCase, asked, answers[i], isFirst: i == 0);
                if (pending[i] is PendingAnswer begun)
                {
                    callbacks.Forget(begun);
                }
            }
        }
    }

    private static void Check(Callback question, CallbackAnswer.AnswerOneofCase wanted, List<CallbackAnswer> answers)
    {
        foreach (CallbackAnswer answer in answers)
        {
            if (answer.AnswerCase == CallbackAnswer.AnswerOneofCase.Failure)
            {
                throw Failed(question, answer.Failure);
            }

            if (answer.AnswerCase != wanted)
            {
                throw Mismatch($"the client answered {question.QuestionCase} with {answer.AnswerCase}");
            }
        }
    }

    private static Exception Failed(Callback question, CallbackFailure failure)
    {
        const int LongestText = 4096;
        string text = failure.Message.Length > LongestText ? failure.Message[..LongestText] : failure.Message;
        string what = $"the client's {question.QuestionCase} failed: {text}";
        return failure.Kind == CallbackFailureKind.Fatal
            ? new ExternException(what)
            : NoResult(new CallFault(StatusCode.Aborted, ErrorReason.CallbackFailed, what));
    }
}
