using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

// Several steps in one call.
internal sealed partial class SessionMachine
{
    private const string RunName = "run_machine";

    // Null if the run makes way for other calls: then it goes on later.
    private SessionResponse? Run(SessionCall call, MachineRun run)
    {
        CallTimes times = call.Times!;
        if (times.Begun == 0)
        {
            times.Begin();
        }

        bool hasEnded = true;
        try
        {
            if (!run.HasMachine)
            {
                run.Created(Do(run.Step("create_machine", call), call, () => Create(run.Request, run)));
            }
            else if (!run.HasBlocks)
            {
                _client.Ship(run.Request.Blocks, RunName + ".blocks");
            }

            run.HasBlocks = true;
            LanePriority priority = _session.PriorityOf(call.Priority);
            while (run.HasMessages)
            {
                LookAhead(run);
                ExecuteNext(call, run, run.Next());
                if (run.HasMessages && _shared.LacksLanes(priority))
                {
                    run.SendPart();
                    hasEnded = false;
                    return null;
                }

                _calls.MakeWay();
            }

            if (run.Request.Flushes)
            {
                Flush(call, run);
            }

            return run.End();
        }
        catch
        {
            // What was executed remains so, whatever comes after it.
            run.SendPart();
            throw;
        }
        finally
        {
            if (hasEnded)
            {
                times.End();
                _shared.Telemetry.Tracing.AddParts(call.Span, times, _waits);
            }
        }
    }

    private void Create(RunMachine request, MachineRun run)
    {
        LookAhead(run);
        Create(request.Settings, request.Blocks, RunName);
    }

    private void ExecuteNext(SessionCall call, MachineRun run, SessionMessage message)
    {
        call.Cancelled.ThrowIfCancellationRequested();
        MessageExecuted executed = Execute(run.Step("execute_message", call), call, message, run.Request.Trace, RunName + ".messages");
        if (call.Span is Activity span)
        {
            Protocol.V1.Receipt receipt = executed.Result.Receipt;
            span.AddEvent(new ActivityEvent("message", default, new ActivityTagsCollection
            {
                ["fvm.message"] = run.MessageIndex,
                ["fvm.exit_code"] = receipt.ExitCode,
                ["fvm.gas_used"] = receipt.GasUsed,
                ["fvm.round_trips"] = executed.Result.Cost.RoundTrips,
            }));
        }

        run.Executed(executed);
    }

    private void LookAhead(MachineRun run)
    {
        if (_prefetcher is not null)
        {
            foreach (SessionMessage message in run.LookAhead())
            {
                _prefetcher.Announce(message);
            }
        }
    }

    private void Flush(SessionCall call, MachineRun run)
    {
        Cid root = default;
        _blocks.PutsTo = run.Request.ReturnsBlocks ? batch => Take(run, batch) : null;
        try
        {
            run.Flushed(Do(run.Step("flush_machine", call), call, () => root = Intact().Flush()), in root);
        }
        finally
        {
            _blocks.PutsTo = null;
        }
    }

    private void Take(MachineRun run, PutBlocks batch)
    {
        try
        {
            run.Take(batch);
        }
        catch (Exception e) when (e is CallFault or OperationCanceledException)
        {
            throw ClientHost.NoResult(e);
        }
    }
}
