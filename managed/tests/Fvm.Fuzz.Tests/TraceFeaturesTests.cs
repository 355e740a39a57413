using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Fuzz.Tests;

/// <summary>Tests what is read from traces.</summary>
public sealed class TraceFeaturesTests
{
    [TestCase("OnTipsetCid", true, "fatal", ExpectedResult = true)]
    [TestCase("OnGetRandomness", false, "fatal", ExpectedResult = true)]
    [TestCase("OnTipsetCid", true, "illegal argument", ExpectedResult = false)]
    [TestCase("OnBlockRead", true, "fatal", ExpectedResult = false)]
    public bool A_host_has_failed_if_a_fatal_error_follows_the_charge_for_asking_it(string charge, bool settles, string error)
    {
        List<string> trace = ["""["gas","OnSyscall",14000000,0]""", $"""["gas","{charge}",0,5]"""];
        if (settles)
        {
            trace.Add("""["gas","wasm_exec",0,0]""");
        }

        trace.Add($"""["error",11,"{error}"]""");
        MessageOutcome outcome = new()
        {
            ExitCode = 10,
            Return = [],
            GasUsed = 1,
            MinerPenalty = "0",
            MinerTip = "0",
            BaseFeeBurn = "0",
            OverEstimationBurn = "0",
            Refund = "0",
            GasRefund = 0,
            GasBurned = 0,
            EventsJson = "[]",
            Trace = trace,
        };
        return TraceFeatures.Of([outcome]).HasHostFailure;
    }
}
