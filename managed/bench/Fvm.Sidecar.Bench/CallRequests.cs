using System.Collections;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar.Bench;

/// <summary>The calls of one machine: creation, messages, flush, drop.</summary>
internal sealed class CallRequests : IEnumerable<SessionRequest>
{
    private readonly SessionRequest[] _requests;
    private readonly BenchVector _vector;

    public CallRequests(ulong machine, BenchVector vector)
    {
        _vector = vector;
        _requests =
        [
            new SessionRequest { CreateMachine = new CreateMachine { MachineId = machine, Settings = vector.Settings } },
            .. vector.Messages.Select(message =>
                new SessionRequest { ExecuteMessage = new ExecuteMessage { MachineId = machine, Input = message.Input } }),
            new SessionRequest { FlushMachine = new FlushMachine { MachineId = machine } },
            new SessionRequest { DropMachine = new DropMachine { MachineId = machine } },
        ];
    }

    /// <summary>The message of a request to execute one.</summary>
    public BenchMessage MessageOf(SessionRequest request) => _vector.Messages[Array.IndexOf(_requests, request) - 1];

    public IEnumerator<SessionRequest> GetEnumerator() => ((IEnumerable<SessionRequest>)_requests).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
