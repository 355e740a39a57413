/* Layouts of filecoin-ffi's proof verification functions. */
#ifndef FVM_SHADOW_PROOFS_H
#define FVM_SHADOW_PROOFS_H

#include "filcrypto.h"

struct result_bool {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    bool value;
};

struct slice_ref_any {
    void const *ptr;
    size_t len;
};

struct public_replica {
    int32_t registered_proof;
    uint8_t comm_r[32];
    uint64_t sector_id;
};

struct post_proof {
    int32_t registered_proof;
    slice_boxed_uint8_t proof;
};

struct aggregation_input {
    uint8_t comm_r[32];
    uint8_t comm_d[32];
    uint64_t sector_id;
    uint8_t ticket[32];
    uint8_t seed[32];
};

_Static_assert(sizeof(struct result_bool) == 32, "Result_bool_t");
_Static_assert(sizeof(struct public_replica) == 48, "PublicReplicaInfo_t");
_Static_assert(sizeof(struct post_proof) == 24, "PoStProof_t");
_Static_assert(sizeof(struct aggregation_input) == 136, "AggregationInputs_t");

typedef struct result_bool *verify_seal_t(int32_t kind, void const *comm_r, void const *comm_d, void const *prover, void const *ticket,
    void const *seed, uint64_t sector, slice_ref_uint8_t proof);
typedef struct result_bool *verify_aggregate_t(int32_t kind, int32_t aggregation, void const *prover, slice_ref_uint8_t proof,
    struct slice_ref_any inputs);
typedef struct result_bool *verify_post_t(void const *randomness, struct slice_ref_any replicas, struct slice_ref_any proofs, void const *prover);
typedef struct result_bool *verify_update_t(int32_t kind, slice_ref_uint8_t proof, void const *comm_r_old, void const *comm_r_new,
    void const *comm_d_new);

#endif
