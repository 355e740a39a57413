using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fvm.Native.Tests;

public sealed class ThreadStackTests
{
    private const int Used = 64 << 20;

    [Test]
    public void A_deep_stack_is_given_back_and_can_be_used_again()
    {
        long deep = 0;
        long after = 0;
        Thread thread = new(
            () =>
            {
                ThreadStack stack = new();
                Use(Used);
                deep = Resident();
                stack.GiveBack();
                after = Resident();
                Use(Used);
                stack.GiveBack();
            },
            256 << 20);
        thread.Start();
        thread.Join();

        Assert.That(deep - after, Is.GreaterThan(Used / 2));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Use(int bytes)
    {
        Span<byte> room = stackalloc byte[16 << 10];
        room.Fill((byte)bytes);
        return bytes <= room.Length ? room[1] : Use(bytes - room.Length) + room[bytes % room.Length];
    }

    private static long Resident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
