/* A stub of the proofs library that records its arguments. */
#include "proofs_record.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "proofs_stub.h"

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int32_t to_answer = 1, calls, at_once, most_at_once, not_freed;
static char last[1 << 16];

struct line {
    char text[1 << 16];
    size_t length;
};

static void add(struct line *line, char const *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line->length += (size_t)vsnprintf(line->text + line->length, sizeof line->text - line->length, format, arguments);
    va_end(arguments);
}

static void add_bytes(struct line *line, char const *name, void const *bytes, size_t length)
{
    add(line, " %s=", name);
    for (size_t i = 0; i < length; i++) {
        add(line, "%02x", ((uint8_t const *)bytes)[i]);
    }
}

static struct result_bool *finish(struct line const *line)
{
    pthread_mutex_lock(&gate);
    calls++;
    not_freed++;
    if (++at_once > most_at_once) {
        most_at_once = at_once;
    }
    memcpy(last, line->text, line->length + 1);
    int32_t code = to_answer;
    pthread_mutex_unlock(&gate);
    /* Long enough for a concurrent call to be observed. */
    usleep(2000);
    pthread_mutex_lock(&gate);
    at_once--;
    pthread_mutex_unlock(&gate);
    return code < 0 ? refuse("the proof is refused, as asked") : answer(code == 1);
}

struct result_bool *verify_seal(int32_t kind, void const *comm_r, void const *comm_d, void const *prover, void const *ticket,
    void const *seed, uint64_t sector, slice_ref_uint8_t proof)
{
    struct line line = {.length = 0};
    add(&line, "verify_seal kind=%d", kind);
    add_bytes(&line, "comm_r", comm_r, 32);
    add_bytes(&line, "comm_d", comm_d, 32);
    add_bytes(&line, "prover", prover, 32);
    add_bytes(&line, "ticket", ticket, 32);
    add_bytes(&line, "seed", seed, 32);
    add(&line, " sector=%llu", (unsigned long long)sector);
    add_bytes(&line, "proof", proof.ptr, proof.len);
    return finish(&line);
}

struct result_bool *verify_aggregate_seal_proof(int32_t kind, int32_t aggregation, void const *prover, slice_ref_uint8_t proof,
    struct slice_ref_any inputs)
{
    struct line line = {.length = 0};
    add(&line, "verify_aggregate_seal_proof kind=%d aggregation=%d", kind, aggregation);
    add_bytes(&line, "prover", prover, 32);
    add_bytes(&line, "proof", proof.ptr, proof.len);
    for (size_t i = 0; i < inputs.len; i++) {
        struct aggregation_input const *input = (struct aggregation_input const *)inputs.ptr + i;
        add_bytes(&line, "comm_r", input->comm_r, 32);
        add_bytes(&line, "comm_d", input->comm_d, 32);
        add(&line, " sector=%llu", (unsigned long long)input->sector_id);
        add_bytes(&line, "ticket", input->ticket, 32);
        add_bytes(&line, "seed", input->seed, 32);
    }
    return finish(&line);
}

struct result_bool *verify_window_post(void const *randomness, struct slice_ref_any replicas, struct slice_ref_any proofs,
    void const *prover)
{
    struct line line = {.length = 0};
    add(&line, "verify_window_post");
    add_bytes(&line, "randomness", randomness, 32);
    for (size_t i = 0; i < replicas.len; i++) {
        struct public_replica const *replica = (struct public_replica const *)replicas.ptr + i;
        add(&line, " kind=%d", replica->registered_proof);
        add_bytes(&line, "comm_r", replica->comm_r, 32);
        add(&line, " sector=%llu", (unsigned long long)replica->sector_id);
    }
    for (size_t i = 0; i < proofs.len; i++) {
        struct post_proof const *proof = (struct post_proof const *)proofs.ptr + i;
        add(&line, " kind=%d", proof->registered_proof);
        add_bytes(&line, "proof", proof->proof.ptr, proof->proof.len);
    }
    add_bytes(&line, "prover", prover, 32);
    return finish(&line);
}

struct result_bool *verify_empty_sector_update_proof(int32_t kind, slice_ref_uint8_t proof, void const *comm_r_old,
    void const *comm_r_new, void const *comm_d_new)
{
    struct line line = {.length = 0};
    add(&line, "verify_empty_sector_update_proof kind=%d", kind);
    add_bytes(&line, "proof", proof.ptr, proof.len);
    add_bytes(&line, "comm_r_old", comm_r_old, 32);
    add_bytes(&line, "comm_r_new", comm_r_new, 32);
    add_bytes(&line, "comm_d_new", comm_d_new, 32);
    return finish(&line);
}

void destroy_verify_seal_response(struct result_bool *response)
{
    destroy(response);
    pthread_mutex_lock(&gate);
    not_freed--;
    pthread_mutex_unlock(&gate);
}

void record_answer(int32_t value) { to_answer = value; }
int32_t record_calls(void) { return calls; }
int32_t record_most_at_once(void) { return most_at_once; }
int32_t record_leaks(void) { return not_freed; }
char const *record_last(void) { return last; }

void record_reset(void)
{
    to_answer = 1;
    calls = most_at_once = not_freed = 0;
    last[0] = '\0';
}
