/* Chain data that the libraries ask of the host: kept and served like blocks (host.c). */
#define _GNU_SOURCE
#include "shadow.h"

#include <stdlib.h>
#include <string.h>

/* With the machine's gate held. */
static struct extern_answer *find_answer(struct machine *machine, struct extern_answer const *question)
{
    for (struct extern_answer *answer = machine->answers; answer != NULL; answer = answer->next) {
        if (answer->kind == question->kind && answer->epoch == question->epoch && answer->asked_length == question->asked_length
            && (question->asked_length == 0 || memcmp(answer->asked, question->asked, question->asked_length) == 0)) {
            return answer;
        }
    }
    return NULL;
}

static void ask_host(uint64_t externs, struct extern_answer *answer, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len,
    uint8_t const *extra, int32_t extra_len)
{
    switch (answer->kind) {
    case EXTERN_CHAIN: answer->code = cgo_extern_get_chain_randomness(externs, answer->epoch, (uint8_t(*)[32])answer->out); break;
    case EXTERN_BEACON: answer->code = cgo_extern_get_beacon_randomness(externs, answer->epoch, (uint8_t(*)[32])answer->out); break;
    case EXTERN_TIPSET: answer->code = cgo_extern_get_tipset_cid(externs, answer->epoch, answer->out, sizeof answer->out); break;
    case EXTERN_FAULT:
        answer->code = cgo_extern_verify_consensus_fault(externs, h1, h1_len, h2, h2_len, extra, extra_len, &answer->miner,
            &answer->fault_epoch, &answer->fault, &answer->gas);
        break;
    }
}

static int32_t ask_chain(bool by_follower, uint64_t token, enum extern_kind kind, int64_t epoch, struct extern_answer **answered,
    uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len, uint8_t const *extra, int32_t extra_len)
{
    struct machine *machine = shadow_machine_of_token(token);
    size_t lengths = kind == EXTERN_FAULT ? 3 * sizeof(int32_t) + (size_t)h1_len + (size_t)h2_len + (size_t)extra_len : 0;
    struct extern_answer *question = calloc(1, sizeof *question + lengths);
    if (question == NULL) {
        return FVM_ERROR_IO;
    }
    question->kind = kind;
    question->epoch = epoch;
    question->by_follower = by_follower;
    question->asked_length = lengths;
    if (kind == EXTERN_FAULT) {
        int32_t all[3] = {h1_len, h2_len, extra_len};
        uint8_t *to = question->asked;
        memcpy(to, all, sizeof all);
        to += sizeof all;
        memcpy(to, h1, (size_t)h1_len);
        memcpy(to + h1_len, h2, (size_t)h2_len);
        memcpy(to + h1_len + h2_len, extra, (size_t)extra_len);
    }
    pthread_mutex_lock(&machine->gate);
    struct extern_answer *found = find_answer(machine, question);
    if (found != NULL && (by_follower || found->by_follower)) {
        pthread_mutex_unlock(&machine->gate);
        free(question);
        *answered = found; /* never changed, and freed with the machine only */
        return found->code;
    }
    if (by_follower && !shadow_may_ask(machine)) {
        pthread_mutex_unlock(&machine->gate);
        free(question);
        return FVM_ERROR_IO;
    }
    pthread_mutex_unlock(&machine->gate);
    if (by_follower) {
        pthread_cleanup_push(shadow_asked, machine);
        ask_host(machine->parameters.externs, question, h1, h1_len, h2, h2_len, extra, extra_len);
        pthread_cleanup_pop(1);
    } else {
        ask_host(machine->parameters.externs, question, h1, h1_len, h2, h2_len, extra, extra_len);
    }
    pthread_mutex_lock(&machine->gate);
    machine->host_failed |= question->code != 0;
    question->next = machine->answers;
    machine->answers = question;
    (void)shadow_hold(machine, sizeof *question + lengths);
    pthread_mutex_unlock(&machine->gate);
    *answered = question;
    return question->code;
}

static bool is_plain(uint64_t token) { return shadow_machine_of_token(token) == NULL || atomic_load(&shadow_forked); }

static uint64_t externs_of(uint64_t token)
{
    struct machine *machine = shadow_machine_of_token(token);
    return machine == NULL ? token : machine->parameters.externs;
}

static int32_t randomness(bool by_follower, uint64_t token, enum extern_kind kind, int64_t epoch, uint8_t (*out)[32])
{
    struct extern_answer *answer = NULL;
    int32_t code = ask_chain(by_follower, token, kind, epoch, &answer, NULL, 0, NULL, 0, NULL, 0);
    if (answer != NULL && code == 0) {
        memcpy(*out, answer->out, 32);
    }
    return code;
}

static int32_t tipset(bool by_follower, uint64_t token, int64_t epoch, uint8_t *out, int32_t out_len)
{
    struct extern_answer *answer = NULL;
    int32_t code = ask_chain(by_follower, token, EXTERN_TIPSET, epoch, &answer, NULL, 0, NULL, 0, NULL, 0);
    if (answer != NULL && code == 0) {
        memcpy(out, answer->out, out_len < (int32_t)sizeof answer->out ? (size_t)(out_len < 0 ? 0 : out_len) : sizeof answer->out);
    }
    return code;
}

static int32_t fault(bool by_follower, uint64_t token, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len,
    uint8_t const *extra, int32_t extra_len, uint64_t *miner, int64_t *epoch, int64_t *kind, int64_t *gas)
{
    struct extern_answer *answer = NULL;
    int32_t code = ask_chain(by_follower, token, EXTERN_FAULT, 0, &answer, h1, h1_len, h2, h2_len, extra, extra_len);
    if (answer != NULL && code == 0) {
        *kind = answer->fault;
        *gas = answer->gas;
        if (answer->fault != 0) {
            *miner = answer->miner;
            *epoch = answer->fault_epoch;
        }
    }
    return code;
}

int32_t shadow_leader_chain(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    return is_plain(externs) ? cgo_extern_get_chain_randomness(externs_of(externs), epoch, out)
                             : randomness(false, externs, EXTERN_CHAIN, epoch, out);
}

int32_t shadow_leader_beacon(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    return is_plain(externs) ? cgo_extern_get_beacon_randomness(externs_of(externs), epoch, out)
                             : randomness(false, externs, EXTERN_BEACON, epoch, out);
}

int32_t shadow_leader_tipset(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len)
{
    return is_plain(externs) ? cgo_extern_get_tipset_cid(externs_of(externs), epoch, out, out_len)
                             : tipset(false, externs, epoch, out, out_len);
}

int32_t shadow_leader_fault(uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len, uint8_t const *extra,
    int32_t extra_len, uint64_t *miner, int64_t *epoch, int64_t *kind, int64_t *gas)
{
    return is_plain(externs)
        ? cgo_extern_verify_consensus_fault(externs_of(externs), h1, h1_len, h2, h2_len, extra, extra_len, miner, epoch, kind, gas)
        : fault(false, externs, h1, h1_len, h2, h2_len, extra, extra_len, miner, epoch, kind, gas);
}

int32_t shadow_follower_chain(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    return randomness(true, externs, EXTERN_CHAIN, epoch, out);
}

int32_t shadow_follower_beacon(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    return randomness(true, externs, EXTERN_BEACON, epoch, out);
}

int32_t shadow_follower_tipset(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len)
{
    return tipset(true, externs, epoch, out, out_len);
}

int32_t shadow_follower_fault(uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len, uint8_t const *extra,
    int32_t extra_len, uint64_t *miner, int64_t *epoch, int64_t *kind, int64_t *gas)
{
    return fault(true, externs, h1, h1_len, h2, h2_len, extra, extra_len, miner, epoch, kind, gas);
}
