/* Proofs that a follower in a process of its own lets the host's functions verify, or the leader's. */
#define _GNU_SOURCE
#include "proofs.h"
#include "wire.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static void *find(char const *name)
{
    void *found = dlsym(RTLD_DEFAULT, name);
    return found != NULL ? found : dlsym(shadow_leader.handle, name);
}

bool proofs_found(void)
{
    return find("verify_seal") != NULL && find("verify_aggregate_seal_proof") != NULL && find("verify_window_post") != NULL
        && find("verify_empty_sector_update_proof") != NULL && find("destroy_verify_seal_response") != NULL;
}

static uint8_t const *take_32(struct wire *in)
{
    static uint8_t const none[32];
    slice_ref_uint8_t bytes = wire_take_bytes(in);
    in->failed |= bytes.len != sizeof none;
    return in->failed ? none : bytes.ptr;
}

/* An aligned copy of an array, which the caller frees. */
static struct slice_ref_any take_array(struct wire *in, size_t size)
{
    slice_ref_uint8_t bytes = wire_take_bytes(in);
    void *copy = malloc(bytes.len + 1);
    in->failed |= copy == NULL || bytes.len % size != 0;
    if (in->failed) {
        free(copy);
        return (struct slice_ref_any){NULL, 0};
    }
    memcpy(copy, bytes.ptr, bytes.len);
    return (struct slice_ref_any){copy, bytes.len / size};
}

static struct result_bool *seal(struct wire *in)
{
    int32_t kind = (int32_t)wire_take(in);
    uint64_t sector = wire_take(in);
    uint8_t const *comm_r = take_32(in), *comm_d = take_32(in), *prover = take_32(in), *ticket = take_32(in), *seed = take_32(in);
    slice_ref_uint8_t proof = wire_take_bytes(in);
    return in->failed ? NULL : ((verify_seal_t *)find("verify_seal"))(kind, comm_r, comm_d, prover, ticket, seed, sector, proof);
}

static struct result_bool *aggregate(struct wire *in)
{
    int32_t kind = (int32_t)wire_take(in), aggregation = (int32_t)wire_take(in);
    uint8_t const *prover = take_32(in);
    slice_ref_uint8_t proof = wire_take_bytes(in);
    struct slice_ref_any inputs = take_array(in, sizeof(struct aggregation_input));
    struct result_bool *response =
        in->failed ? NULL : ((verify_aggregate_t *)find("verify_aggregate_seal_proof"))(kind, aggregation, prover, proof, inputs);
    free((void *)inputs.ptr);
    return response;
}

static struct result_bool *post(struct wire *in)
{
    uint8_t const *randomness = take_32(in), *prover = take_32(in);
    struct slice_ref_any replicas = take_array(in, sizeof(struct public_replica));
    uint64_t count = wire_take(in);
    /* Each takes 16 bytes of the frame at least. */
    in->failed |= count > (in->length - in->at) / 16;
    struct post_proof *proofs = in->failed ? NULL : calloc(count + 1, sizeof *proofs);
    in->failed |= proofs == NULL;
    for (uint64_t i = 0; !in->failed && i < count; i++) {
        proofs[i].registered_proof = (int32_t)wire_take(in);
        slice_ref_uint8_t proof = wire_take_bytes(in);
        proofs[i].proof = (slice_boxed_uint8_t){(uint8_t *)proof.ptr, proof.len};
    }
    struct result_bool *response = in->failed
        ? NULL
        : ((verify_post_t *)find("verify_window_post"))(randomness, replicas, (struct slice_ref_any){proofs, count}, prover);
    free(proofs);
    free((void *)replicas.ptr);
    return response;
}

static struct result_bool *update(struct wire *in)
{
    int32_t kind = (int32_t)wire_take(in);
    slice_ref_uint8_t proof = wire_take_bytes(in);
    uint8_t const *before = take_32(in), *after = take_32(in), *data = take_32(in);
    return in->failed ? NULL : ((verify_update_t *)find("verify_empty_sector_update_proof"))(kind, proof, before, after, data);
}

void proofs_answer(struct wire *in, struct wire *out)
{
    static struct result_bool *(*const verify[])(struct wire *) = {seal, aggregate, post, update};
    uint64_t function = wire_take(in);
    in->failed |= function >= sizeof verify / sizeof *verify || !proofs_found();
    struct result_bool *response = in->failed ? NULL : verify[function](in);
    if (response == NULL) {
        return;
    }
    wire_number(out, (uint64_t)response->status_code);
    wire_bytes(out, response->error_msg.ptr, response->status_code == 0 || response->error_msg.ptr == NULL ? 0 : response->error_msg.len);
    wire_number(out, response->value);
    ((void (*)(struct result_bool *))find("destroy_verify_seal_response"))(response);
}
