using Fvm.Protocol.V1;
using Fvm.Wasm;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>One-shot use. Only the capabilities so far; the other methods answer UNIMPLEMENTED.</summary>
internal sealed class ExecutionService(SharedParts shared) : Protocol.V1.ExecutionService.ExecutionServiceBase
{
    public override Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context)
    {
        GetCapabilitiesResponse response = new()
        {
            Version = SessionService.Version,
            Commit = "unknown",
            Engine = shared.Engines.EngineName,
            Lanes = (uint)shared.Options.Lanes,
        };
        foreach (NetworkRules rules in NetworkRules.All)
        {
            response.NetworkVersions.Add((uint)rules.Version);
        }

        response.Engines.AddRange(WasmEngines.Names);
        response.ProcessorFeatures.AddRange(WasmEngines.ProcessorFeatures);
        return Task.FromResult(response);
    }
}
