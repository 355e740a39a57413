/* Shared by the stubs of the proofs library: layouts of filecoin-ffi's proofs
 * part, and responses. */
#ifndef FVM_PROOFS_STUB_H
#define FVM_PROOFS_STUB_H

#include <stdlib.h>
#include <string.h>

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

static inline struct result_bool *answer(bool value)
{
    struct result_bool *response = calloc(1, sizeof *response);
    response->error_msg.ptr = (uint8_t *)response;
    response->value = value;
    return response;
}

static inline struct result_bool *refuse(char const *why)
{
    struct result_bool *response = answer(false);
    response->status_code = F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR;
    response->error_msg.len = strlen(why);
    response->error_msg.ptr = malloc(response->error_msg.len);
    memcpy(response->error_msg.ptr, why, response->error_msg.len);
    return response;
}

static inline void destroy(struct result_bool *response)
{
    if (response->error_msg.len != 0) {
        free(response->error_msg.ptr);
    }
    free(response);
}

#endif
