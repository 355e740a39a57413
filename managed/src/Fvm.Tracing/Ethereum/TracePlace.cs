using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>The transaction of a trace; hashes in hexadecimal with <c>0x</c>.</summary>
/// <param name="BlockHash">The block's hash.</param>
/// <param name="BlockNumber">The block's number.</param>
/// <param name="TransactionHash">The transaction's hash.</param>
/// <param name="TransactionPosition">Its index in the block, without implicit messages.</param>
public sealed record TracePlace(string BlockHash, long BlockNumber, string TransactionHash, int TransactionPosition)
{
    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("blockHash", BlockHash);
        json.WriteNumber("blockNumber", BlockNumber);
        json.WriteString("transactionHash", TransactionHash);
        json.WriteNumber("transactionPosition", TransactionPosition);
    }
}
