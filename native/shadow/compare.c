/* Compares the follower's results with the leader's. */
#include "shadow.h"

#include <stdlib.h>
#include <string.h>

int cbor_head(struct cbor *cbor, uint64_t *value)
{
    if (cbor->broken || cbor->at == cbor->end) {
        cbor->broken = true;
        return -1;
    }
    int major = *cbor->at >> 5, low = *cbor->at & 31;
    cbor->at++;
    int bytes = low < 24 ? 0 : low < 28 ? 1 << (low - 24) : -1;
    if (bytes < 0 || cbor->end - cbor->at < bytes) {
        cbor->broken = true; /* indefinite lengths are not used here */
        return -1;
    }
    *value = bytes == 0 ? (uint64_t)low : 0;
    for (int i = 0; i < bytes; i++) {
        *value = *value << 8 | *cbor->at++;
    }
    return major;
}

void cbor_skip(struct cbor *cbor)
{
    /* Counts items instead of nesting: the depth is the library's to choose. */
    for (uint64_t items = 1; items > 0 && !cbor->broken; items--) {
        uint64_t value;
        switch (cbor_head(cbor, &value)) {
        case 2:
        case 3:
            if (value > (uint64_t)(cbor->end - cbor->at)) {
                cbor->broken = true;
            } else {
                cbor->at += value;
            }
            break;
        case 5: value = value > UINT32_MAX ? UINT64_MAX / 2 : value * 2; /* fall through */
        case 4:
            if (value > (uint64_t)(cbor->end - cbor->at)) {
                cbor->broken = true;
            } else {
                items += value;
            }
            break;
        case 6: items++; break;
        default: break;
        }
    }
}

bool cbor_bytes(struct cbor *cbor, int major, uint8_t const **data, uint64_t *length)
{
    if (cbor_head(cbor, length) != major || *length > (uint64_t)(cbor->end - cbor->at)) {
        return false;
    }
    *data = cbor->at;
    cbor->at += *length;
    return true;
}

static bool same_slice(slice_boxed_uint8_t a, slice_boxed_uint8_t b)
{
    size_t a_length = a.ptr == NULL ? 0 : a.len, b_length = b.ptr == NULL ? 0 : b.len;
    return a_length == b_length && (a_length == 0 || memcmp(a.ptr, b.ptr, a_length) == 0);
}

/* Skips an item of both. */
static bool same_item(struct cbor *a, struct cbor *b)
{
    uint8_t const *from_a = a->at, *from_b = b->at;
    cbor_skip(a);
    cbor_skip(b);
    return !a->broken && !b->broken && a->at - from_a == b->at - from_b && memcmp(from_a, from_b, (size_t)(a->at - from_a)) == 0;
}

static bool same_list(struct cbor *a, struct cbor *b, uint64_t *count)
{
    uint64_t other;
    return cbor_head(a, count) == 4 && cbor_head(b, &other) == 4 && *count == other;
}

enum { MAX_CALLS_DEEP = 4096 };

static char const *const call_parts[7] = {"message", "return", "invoked actor", "gas charges", "subcalls", "logs", "blocks"};

static bool same_call(struct cbor *a, struct cbor *b, int depth, char *where, size_t room)
{
    uint64_t parts, count, fields;
    if (depth > MAX_CALLS_DEEP || !same_list(a, b, &parts) || parts != 7) {
        snprintf(where, room, "call at depth %d", depth);
        return false;
    }
    for (int part = 0; part < 7; part++) {
        bool same = part == 3 || part == 4 ? same_list(a, b, &count) : same_item(a, b);
        if (!same) {
            snprintf(where, room, "%s of a call at depth %d", call_parts[part], depth);
            return false;
        }
        for (uint64_t i = 0; part == 4 && i < count; i++) {
            if (!same_call(a, b, depth + 1, where, room)) {
                return false;
            }
        }
        for (uint64_t i = 0; part == 3 && i < count; i++) {
            same = same_list(a, b, &fields);
            for (uint64_t field = 0; same && field < fields; field++) {
                if (field == 4) { /* the time taken */
                    cbor_skip(a);
                    cbor_skip(b);
                } else {
                    same = same_item(a, b);
                }
            }
            if (!same || a->broken || b->broken) {
                snprintf(where, room, "gas charge %llu of a call at depth %d", (unsigned long long)i, depth);
                return false;
            }
        }
    }
    return true;
}

char const *shadow_compare_traces(slice_boxed_uint8_t leader, slice_boxed_uint8_t follower, char *where, size_t room)
{
    struct cbor a = {leader.ptr, leader.ptr + leader.len, false}, b = {follower.ptr, follower.ptr + follower.len, false};
    if (!same_call(&a, &b, 0, where, room)) {
        return where;
    }
    if (a.at != a.end || b.at != b.end) {
        snprintf(where, room, "after the outermost call");
        return where;
    }
    return NULL;
}

/* ---- Results. */

static void add(struct machine *machine, long message, char const *field, char const *leader, char const *follower)
{
    if (machine->difference_count == 0) {
        struct parameters const *p = &machine->parameters;
        shadow_count(DIFFERENCES);
        struct text root = {.limit = 200};
        text_cid(&root, p->root.ptr, p->root.len);
        shadow_log("difference in %s of message %ld at epoch %llu, network version %u, state %.*s: leader %s, follower %s", field, message,
            (unsigned long long)p->epoch, p->network_version, (int)root.length, root.data == NULL ? "" : root.data, leader, follower);
        free(root.data);
    }
    if (machine->difference_count < MAX_DIFFERENCES) {
        struct difference *difference = &machine->differences[machine->difference_count++];
        difference->message = message;
        snprintf(difference->field, sizeof difference->field, "%s", field);
        snprintf(difference->leader, sizeof difference->leader, "%s", leader);
        snprintf(difference->follower, sizeof difference->follower, "%s", follower);
    }
}

static void numbers(struct machine *machine, long message, char const *field, uint64_t leader, uint64_t follower)
{
    if (leader != follower) {
        char a[24], b[24];
        snprintf(a, sizeof a, "%llu", (unsigned long long)leader);
        snprintf(b, sizeof b, "%llu", (unsigned long long)follower);
        add(machine, message, field, a, b);
    }
}

static void amounts(struct machine *machine, long message, char const *field, uint64_t leader_hi, uint64_t leader_lo, uint64_t follower_hi,
    uint64_t follower_lo)
{
    if (leader_hi != follower_hi || leader_lo != follower_lo) {
        struct text a = {.limit = 100}, b = {.limit = 100};
        text_amount(&a, leader_hi, leader_lo);
        text_amount(&b, follower_hi, follower_lo);
        text_add(&a, "", 1);
        text_add(&b, "", 1);
        add(machine, message, field, a.failed ? "?" : a.data, b.failed ? "?" : b.data);
        free(a.data);
        free(b.data);
    }
}

static void show(char *text, size_t room, slice_boxed_uint8_t slice)
{
    if (slice.ptr == NULL || slice.len == 0) {
        snprintf(text, room, "none");
        return;
    }
    size_t shown = slice.len < 40 ? slice.len : 40;
    size_t at = (size_t)snprintf(text, room, "%zu bytes ", slice.len);
    for (size_t i = 0; i < shown && at + 6 < room; i++) {
        at += (size_t)snprintf(text + at, room - at, "%02x", slice.ptr[i]);
    }
    snprintf(text + at, room - at, "%s", shown < slice.len ? "..." : "");
}

static void slices(struct machine *machine, long message, char const *field, slice_boxed_uint8_t leader, slice_boxed_uint8_t follower)
{
    if (!same_slice(leader, follower)) {
        char a[160], b[160];
        show(a, sizeof a, leader);
        show(b, sizeof b, follower);
        add(machine, message, field, a, b);
    }
}

static void traces(struct machine *machine, struct call const *call, long message)
{
    slice_boxed_uint8_t leader = call->leader.value.exec_trace, follower = call->follower.value.exec_trace;
    if (leader.ptr == NULL || follower.ptr == NULL) {
        if (leader.ptr != follower.ptr) {
            shadow_count(TRACES_ABSENT);
        }
        return;
    }
    char where[120];
    if (shadow_compare_traces(leader, follower, where, sizeof where) != NULL) {
        add(machine, message, "trace", where, where);
    }
}

void shadow_compare(struct machine *machine, struct call const *call, long message)
{
    struct answer const *leader = &call->leader, *follower = &call->follower;
    if (leader->status != 0 || follower->status != 0) {
        if ((leader->status == 0) != (follower->status == 0)) {
            add(machine, message, "status", leader->status == 0 ? "no error" : leader->error,
                follower->status == 0 ? "no error" : follower->error);
        }
        return;
    }
    if (call->kind == CALL_FLUSH) {
        if (!same_slice(leader->root, follower->root)) {
            slices(machine, message, "state_root", leader->root, follower->root);
        }
        return;
    }
    FvmMachineExecuteResponse_t const *a = &leader->value, *b = &follower->value;
    numbers(machine, message, "exit_code", a->exit_code, b->exit_code);
    slices(machine, message, "return", a->return_val, b->return_val);
    numbers(machine, message, "gas_used", a->gas_used, b->gas_used);
    amounts(machine, message, "miner_penalty", a->penalty_hi, a->penalty_lo, b->penalty_hi, b->penalty_lo);
    amounts(machine, message, "miner_tip", a->miner_tip_hi, a->miner_tip_lo, b->miner_tip_hi, b->miner_tip_lo);
    amounts(machine, message, "base_fee_burn", a->base_fee_burn_hi, a->base_fee_burn_lo, b->base_fee_burn_hi, b->base_fee_burn_lo);
    amounts(machine, message, "over_estimation_burn", a->over_estimation_burn_hi, a->over_estimation_burn_lo, b->over_estimation_burn_hi,
        b->over_estimation_burn_lo);
    amounts(machine, message, "refund", a->refund_hi, a->refund_lo, b->refund_hi, b->refund_lo);
    numbers(machine, message, "gas_refund", a->gas_refund, b->gas_refund);
    numbers(machine, message, "gas_burned", a->gas_burned, b->gas_burned);
    slices(machine, message, "events_root", a->events_root, b->events_root);
    slices(machine, message, "events", a->events, b->events);
    traces(machine, call, message);
}
