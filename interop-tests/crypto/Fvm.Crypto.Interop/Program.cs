// Reads cases of the peers from files, and counts those on which Fvm.Crypto differs.
using Fvm.Crypto;

int differences = 0;
foreach (string path in args)
{
    int count = 0;
    int different = 0;
    foreach (string line in File.ReadLines(path))
    {
        string[] words = line.Split(' ');
        string expected = Cases.Expected(words);
        string found = Cases.Answer(words);
        count++;
        if (expected != found)
        {
            different++;
            Console.Error.WriteLine($"{line}\n  expected {expected}, found {found}");
        }
    }

    Console.WriteLine($"{Path.GetFileNameWithoutExtension(path)}: {count} cases, {different} differ");
    differences += different + (count == 0 ? 1 : 0);
}

return differences == 0 && args.Length > 0 ? 0 : 1;
