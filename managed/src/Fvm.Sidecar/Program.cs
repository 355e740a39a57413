using Fvm.Hosting;
using Fvm.Sidecar;

// Before its other threads exist: they inherit it.
_ = SchedulingPolicy.TryEnterBatch();
return await SidecarCommand.RunAsync(args, Console.Out, Console.Error);
