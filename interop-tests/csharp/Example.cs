using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace SidecarClient;

/// <summary>Executes the first message of a vector: <c>example ADDRESS VECTOR.json</c>.</summary>
internal static class Example
{
    public static async Task<int> RunAsync(string address, string path)
    {
        Vector vector = Vector.Read(path).First();
        using GrpcChannel channel = SidecarChannel.Connect(address);
        try
        {
            using SidecarMachine machine = await SidecarMachine.CreateAsync(channel, vector.Settings(tracing: false), new VectorNode(vector));
            MessageExecuted executed = await machine.ExecuteAsync(Vector.Input(vector.Messages[0]));
            ByteString root = await machine.FlushAsync();
            Receipt receipt = executed.Result.Receipt;
            Console.WriteLine($"exit {receipt.ExitCode}, gas {receipt.GasUsed}, state root {Convert.ToHexStringLower(root.Span)}");
            return 0;
        }
        catch (RpcException e)
        {
            // No result: execute the tipset again on a new machine.
            Console.Error.WriteLine($"example: {e.Status.StatusCode}: {e.Status.Detail}");
            return 1;
        }
    }
}
