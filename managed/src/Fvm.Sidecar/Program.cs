using Fvm.Sidecar;

return await SidecarCommand.RunAsync(args, Console.Out, Console.Error);
