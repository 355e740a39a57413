using System.Text;
using System.Text.Json;

namespace Fvm.Actors;

/// <summary>
/// The form in which Lotus writes states and parameters: names of Go, CIDs as objects with a slash, null for empty lists and bytes, actors' IDs as
/// numbers.
/// </summary>
/// <param name="Network">By whose letter addresses begin.</param>
public sealed record LotusForm(AddressNetwork Network)
{
    // Names that do not follow from those of the actors' sources by capitals alone (go-state-types, builtin/v18).
    private static readonly (string Name, string Go)[] Exceptions =
    [
        ("this_epoch_qapower_smoothed",     "ThisEpochQAPowerSmoothed"),
        ("this_epoch_qa_power_smoothed",    "ThisEpochQAPowerSmoothed"),
        ("total_qa_bytes_committed",        "TotalQABytesCommitted"),
        ("position",                        "PositionEstimate"),
        ("velocity",                        "VelocityEstimate"),
        ("next_id",                         "NextID"),
        ("next_txn_id",                     "NextTxnID"),
        ("remove_data_cap_proposal_ids",    "RemoveDataCapProposalIDs"),
        ("piece_cid",                       "PieceCID"),
        ("sealed_cid",                      "SealedCID"),
        ("unsealed_cid",                    "UnsealedCID"),
        ("deal_ids",                        "DealIDs"),
        ("code_cid",                        "CodeCID"),
        ("window_post_proof_type",          "WindowPoStProofType"),
        ("window_post_partition_sectors",   "WindowPoStPartitionSectors"),
        ("optimistic_post_submissions",     "OptimisticPoStSubmissions"),
        ("optimistic_post_submissions_snapshot", "OptimisticPoStSubmissionsSnapshot"),
    ];

    /// <summary>The name of a field.</summary>
    public string NameOf(string name)
    {
        foreach ((string exception, string go) in Exceptions)
        {
            if (exception == name)
            {
                return go;
            }
        }

        StringBuilder pascal = new(name.Length);
        bool isFirst = true;
        foreach (char letter in name)
        {
            if (letter == '_')
            {
                isFirst = true;
                continue;
            }

            pascal.Append(isFirst ? char.ToUpperInvariant(letter) : letter);
            isFirst = false;
        }

        return pascal.ToString();
    }

    internal static void WriteCid(Utf8JsonWriter json, string cid, LotusForm? lotus)
    {
        if (lotus is null)
        {
            json.WriteStringValue(cid);
            return;
        }

        json.WriteStartObject();
        json.WriteString("/", cid);
        json.WriteEndObject();
    }
}
