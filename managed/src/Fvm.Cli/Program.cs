// The `fvm` command.
using Fvm.Cli;

return CommandLine.Run(args, Console.Out, Console.Error);
