// Times the primitives of Fvm.Crypto on inputs written by the peers; prints one line per measurement: name and nanoseconds.
using Fvm.Crypto.Bench;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: Fvm.Crypto.Bench FOLDER (with the inputs that the peers wrote)");
    return 2;
}

BlsBench.Run(Path.Combine(args[0], "bls.txt"));
Secp256k1Bench.Run(Path.Combine(args[0], "secp256k1.txt"));
Blake2bBench.Run();
return 0;
