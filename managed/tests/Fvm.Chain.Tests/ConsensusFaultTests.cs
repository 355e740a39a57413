using System.Globalization;
using System.Text.Json;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Reports of consensus faults that a real Lotus judged.</summary>
public sealed class ConsensusFaultTests
{
    private const string ChainName = "TestFaultVectors-0";

    private static (ChainReader Reader, NetworkParameters Network, Tipset Tipset) Open(Cid state, long epoch)
    {
        LotusChains.Recorded chain = LotusChains.All.Single(static chain => chain.Name == ChainName);
        ChainReader reader = new(LotusChains.Open());
        Tipset tipset = reader.Load(chain.Head);
        Assert.That((tipset.Epoch.Value, tipset.First.ParentState), Is.EqualTo((epoch, state)), "the reports are on the head's state");
        return (reader, chain.Network, tipset);
    }

    [Test]
    public void Externs_find_the_same_faults_for_the_same_gas()
    {
        int count = 0;
        foreach (string line in File.ReadLines(Repository.Shared("lotus", "faults-externs.tsv")))
        {
            string[] fields = line.Split('\t');
            Cid state = Cid.Parse(fields[0]);
            long epoch = long.Parse(fields[1], CultureInfo.InvariantCulture);
            (ChainReader reader, NetworkParameters network, Tipset tipset) = Open(state, epoch);
            byte[][] given = [.. fields[4].Split(',').Select(Convert.FromHexString)];
            (ConsensusFault? fault, long gas) = new ConsensusFaults(reader, network)
                .Verify(tipset, tipset.Epoch, state, given[0], given[1], given[2]);
            string expected = fields[5];
            string type = expected[(expected.IndexOf("Type:", StringComparison.Ordinal) + 5)..];
            string ours = fault is ConsensusFault found
                ? $"&{{Target:{Address.NewId(found.Target)} Epoch:{found.Epoch} Type:{(uint)found.Type}}},{gas}"
                : $"Type:0}},{gas}";
            Assert.That(fault is null ? $"Type:{type}" : expected, Is.EqualTo(ours), $"report {count}");
            count++;
        }

        Assert.That(count, Is.EqualTo(51));
    }

    [Test]
    public void Messages_that_report_faults_end_the_same_with_the_same_gas()
    {
        using FileStream file = File.OpenRead(Repository.Shared("lotus", "faults.json"));
        using JsonDocument document = JsonDocument.Parse(file);
        using EnginePool pool = new(new EnginePoolOptions());
        int count = 0;
        foreach (JsonElement report in document.RootElement.EnumerateArray())
        {
            Cid state = Cid.Parse(report.GetProperty("State").GetString()!);
            (ChainReader reader, NetworkParameters network, Tipset tipset) = Open(state, report.GetProperty("Epoch").GetInt64());
            Machine machine = new TipsetExecutor(pool, reader, network).OpenMachine(tipset, state, new MemoryBlockstore());
            Message message = new()
            {
                From = Address.NewId(100),
                To = Address.Parse(report.GetProperty("Miner").GetString()!.Replace('t', 'f')),
                Method = new MethodNumber(15),
                GasLimit = 10_000_000_000,
                Params = Convert.FromHexString(report.GetProperty("Params").GetString()!),
            };
            ApplyRet ret = ExecutionThread.Run(() => new Executor(machine).Execute(message, ApplyKind.Implicit, rawLength: 0));
            Assert.That(
                (ret.Receipt.ExitCode.Value, ret.Receipt.GasUsed),
                Is.EqualTo((report.GetProperty("Exit").GetUInt32(), report.GetProperty("GasUsed").GetUInt64())),
                report.GetProperty("Name").GetString());
            count++;
        }

        Assert.That(count, Is.EqualTo(51));
    }
}
