/* A stub of the proofs library with the same verdict for every proof, VERDICT,
 * for replaying messages with that recorded verdict. libproofs_yes.so accepts
 * every proof, libproofs_no.so none. */
#include "proofs_stub.h"

#ifndef VERDICT
#define VERDICT true
#endif

struct result_bool *verify_seal(int32_t kind, void const *comm_r, void const *comm_d, void const *prover, void const *ticket,
    void const *seed, uint64_t sector, slice_ref_uint8_t proof)
{
    (void)kind, (void)comm_r, (void)comm_d, (void)prover, (void)ticket, (void)seed, (void)sector, (void)proof;
    return answer(VERDICT);
}

struct result_bool *verify_aggregate_seal_proof(int32_t kind, int32_t aggregation, void const *prover, slice_ref_uint8_t proof,
    struct slice_ref_any inputs)
{
    (void)kind, (void)aggregation, (void)prover, (void)proof, (void)inputs;
    return answer(VERDICT);
}

struct result_bool *verify_window_post(void const *randomness, struct slice_ref_any replicas, struct slice_ref_any proofs,
    void const *prover)
{
    (void)randomness, (void)replicas, (void)proofs, (void)prover;
    return answer(VERDICT);
}

struct result_bool *verify_empty_sector_update_proof(int32_t kind, slice_ref_uint8_t proof, void const *comm_r_old,
    void const *comm_r_new, void const *comm_d_new)
{
    (void)kind, (void)proof, (void)comm_r_old, (void)comm_r_new, (void)comm_d_new;
    return answer(VERDICT);
}

void destroy_verify_seal_response(struct result_bool *response) { destroy(response); }
