using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>What the methods with traces have in common.</summary>
internal static class TraceAnswers
{
    /// <summary>Adds a method; malformed options become errors of JSON-RPC.</summary>
    public static void Add(RpcRegistry registry, string name, Func<RpcCall, Task> handler) => registry.AddAsync(name, async call =>
    {
        try
        {
            await handler(call);
        }
        catch (FormatException exception)
        {
            throw RpcException.InvalidParams(exception.Message);
        }
        catch (OpcodeReplayException exception)
        {
            throw new RpcException(RpcErrorCode.ServerError, exception.Message);
        }
    });

    /// <summary>Writes a result, which may nest deeper than the writer of answers lets it.</summary>
    public static void Write(RpcCall call, Action<Utf8JsonWriter> write) =>
        call.Result.WriteRawValue(TraceJson.ToBytes(write).Span, skipInputValidation: true);

    /// <summary>The block that is meant.</summary>
    /// <exception cref="RpcException">There is none.</exception>
    public static LocalBlock BlockIn(BlockLookup lookup, BlockReference reference) => lookup.Find(reference)
        ?? throw new RpcException(RpcErrorCode.ResourceNotFound, "there is no such block");

    /// <summary>The transaction of a hash, run again.</summary>
    /// <exception cref="RpcException">There is none in a block.</exception>
    public static async Task<TracedTransaction> TransactionIn(LocalChain chain, EthHash hash, bool syscalls = false) =>
        chain.FindMessage(hash) is (LocalBlock block, LocalMessage message)
            ? await chain.TraceAsync(block, message, syscalls)
            : throw new RpcException(RpcErrorCode.ResourceNotFound, $"there is no transaction {hash} in a block");

    /// <summary>The call of the first parameter, run on the state of a block.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="lookup">Finds the block.</param>
    /// <param name="call">The request.</param>
    /// <param name="reference">The block.</param>
    /// <param name="overrides">The state overrides; may be missing.</param>
    /// <param name="syscalls">Whether the trace has the syscalls.</param>
    public static Task<TracedTransaction> CallIn(
        LocalChain chain, BlockLookup lookup, RpcCall call, BlockReference reference, RpcValue overrides, bool syscalls = false) =>
        chain.TraceCallAsync(
            CallReader.Read(call.Parameters[0, "call"]),
            lookup.OfState(reference),
            reference.Kind == BlockReferenceKind.Pending,
            CallReader.ReadOverrides(overrides),
            syscalls);
}
