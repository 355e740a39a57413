using Fvm.Sidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

if (args is not ["--socket", string path])
{
    Console.Error.WriteLine("usage: fvm-sidecar --socket PATH");
    return 2;
}

await using WebApplication server = await SidecarServer.StartAsync(new SidecarOptions
{
    SocketPath = Path.GetFullPath(path),
    Code = Fvm.Wasm.CacheEnvironment.Open(out _) is { IsUsable: true } code ? code : null,
});
Console.Error.WriteLine($"fvm-sidecar: listening on {path}");
await server.WaitForShutdownAsync();
return 0;
