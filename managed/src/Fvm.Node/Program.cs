using Fvm.Node;

return NodeCommand.Run(args, Console.Out, Console.Error);
