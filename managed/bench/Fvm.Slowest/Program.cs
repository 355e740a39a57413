return Fvm.Slowest.Contest.Run(args, Console.Out, Console.Error);
