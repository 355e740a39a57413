using System.Runtime.InteropServices;
using System.Text;
using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native.Tests;

public sealed unsafe class ResponsesTests
{
    [Test]
    public void A_failure_has_a_status_a_text_and_a_value_of_zeros()
    {
        ExecuteResult* response = Responses.Fail<ExecuteResult>(new CallerException("no such thing"));
        try
        {
            SliceBoxed text = response->Head.ErrorMessage;
            Assert.That(response->Head.StatusCode, Is.EqualTo(1));
            Assert.That(Encoding.UTF8.GetString(text.Pointer, (int)text.Length), Does.StartWith("no such thing"));
            Assert.That(new Span<byte>(&response->Value, sizeof(ExecuteResponse)).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        }
        finally
        {
            Responses.Destroy(response);
        }
    }

    [Test]
    public void Empty_is_not_absent()
    {
        BytesResult* response = Responses.Allocate<BytesResult>();
        SliceBoxed empty = Responses.Copy([], response);

        Assert.That(empty.Pointer != null, Is.True);
        Assert.That((ulong)empty.Length, Is.Zero);
        Assert.That(response->Head.ErrorMessage.Pointer != null, Is.True);
        Responses.Destroy(response);
    }

    [Test]
    public void What_hangs_on_a_response_is_memory_of_malloc()
    {
        BytesResult* response = Responses.Allocate<BytesResult>();
        response->Value = Responses.Copy([1, 2, 3], response);

        // As freed by another library with the same layouts.
        NativeMemory.Free(response->Value.Pointer);
        NativeMemory.Free(response);
    }

    [Test]
    public void Destroying_nothing_does_nothing() => Responses.Destroy<ExecuteResult>(null);

    [Test]
    public void An_amount_beyond_128_bits_is_an_error()
    {
        TokenAmount most = TokenAmount.FromAtto(UInt128.MaxValue);

        Amount amount = Amount.Of(most, "refund");

        Assert.That((amount.High, amount.Low), Is.EqualTo((ulong.MaxValue, ulong.MaxValue)));
        Assert.That(() => Amount.Of(most + TokenAmount.FromAtto(1L), "refund"), Throws.TypeOf<CallFailedException>());
        Assert.That(() => Amount.Of(TokenAmount.FromAtto(-1L), "refund"), Throws.TypeOf<CallFailedException>());
    }

    [Test]
    public void The_text_of_an_error_names_its_causes_and_the_type_of_a_defect()
    {
        FatalException known = new("state broken", new CallerException("disk on fire"));

        Assert.That(ErrorText.Of(known, withBacktrace: true), Does.StartWith("state broken: disk on fire\n\nStack backtrace:\n"));
        Assert.That(ErrorText.Of(known, withBacktrace: false), Is.EqualTo("state broken: disk on fire"));
        Assert.That(ErrorText.Of(new InvalidOperationException("oops"), withBacktrace: false), Is.EqualTo("InvalidOperationException: oops"));
    }

    [Test]
    public void A_cause_that_its_error_names_already_is_said_once()
    {
        BlockstoreException cause = new("the host's put_many failed with error code -3");
        FatalException problem = new($"cannot write the state: {cause.Message}", cause);

        Assert.That(ErrorText.Of(problem, withBacktrace: false), Is.EqualTo("cannot write the state: the host's put_many failed with error code -3"));
    }

    [Test]
    public void An_error_of_the_host_has_no_stack_of_ours()
    {
        Exception[] causes = [new BlockstoreException("no disk"), new ExternException("no chain"), new CallFailedException("no sense")];
        foreach (Exception cause in causes)
        {
            Assert.That(ErrorText.Of(new FatalException("stopped", cause), withBacktrace: true), Is.EqualTo($"stopped: {cause.Message}"));
            Assert.That(ErrorText.Of(cause, withBacktrace: true), Is.EqualTo(cause.Message));
        }
    }
}
