using Fvm.Hosting;

namespace Fvm.Native.Tests;

public sealed class HandlesTests
{
    [Test]
    public void A_handle_is_an_aligned_address_and_not_given_out_again()
    {
        Handles handles = new(new AddressRange());
        HashSet<nint> seen = [];
        for (int i = 0; i < 100_000; i++)
        {
            nint handle = handles.Add(Machine());
            Assert.That((long)handle % 16, Is.Zero);
            Assert.That(seen.Add(handle), Is.True, "the handle was given out before");
            Assert.That(handles.Remove(handle), Is.Not.Null);
        }

        Assert.That(handles.Count, Is.Zero);
    }

    [Test]
    public void Handles_in_use_are_passed_over_when_the_addresses_begin_anew()
    {
        AddressRange addresses = new(1000);
        Handles handles = new(addresses);
        nint kept = handles.Add(Machine());
        for (int i = 0; i <= 3 * addresses.Count; i++)
        {
            nint handle = handles.Add(Machine());
            Assert.That(handle, Is.Not.EqualTo(kept));
            handles.Remove(handle);
        }
    }

    [Test]
    public void NULL_and_what_was_removed_are_errors_of_the_caller()
    {
        Handles handles = new(new AddressRange());
        nint handle = handles.Add(Machine());
        handles.Remove(handle);

        Assert.That(() => handles.Get(0), Throws.TypeOf<CallerException>().With.Message.Contains("NULL"));
        Assert.That(() => handles.Get(handle), Throws.TypeOf<CallerException>());
        Assert.That(handles.Remove(handle), Is.Null);
    }

    private static NativeMachine Machine() => new(null!, new HostCalls(), new CallGraph(default), new BigStackPool(1));
}
