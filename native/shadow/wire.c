/* Frames between the shadow and its follower's process. */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { STEP = 1 << 20 }; /* memory is taken as bytes arrive, not as a length promises */

void wire_clear(struct wire *wire)
{
    wire->length = wire->at = 0;
    wire->failed = false;
    if (wire->room > 16 * STEP) {
        free(wire->data);
        wire->data = NULL;
        wire->room = 0;
    }
}

static bool make_room(struct wire *wire, size_t more)
{
    if (wire->failed || more > WIRE_LIMIT - wire->length) {
        wire->failed = true;
        return false;
    }
    if (wire->length + more > wire->room) {
        size_t room = 2 * (wire->length + more) + 256;
        uint8_t *moved = realloc(wire->data, room);
        if (moved == NULL) {
            wire->failed = true;
            return false;
        }
        wire->data = moved;
        wire->room = room;
    }
    return true;
}

static void add(struct wire *wire, void const *data, size_t length)
{
    if (make_room(wire, length) && length != 0) {
        memcpy(wire->data + wire->length, data, length);
        wire->length += length;
    }
}

void wire_number(struct wire *wire, uint64_t value) { add(wire, &value, sizeof value); }

void wire_bytes(struct wire *wire, void const *data, size_t length)
{
    wire_number(wire, length);
    add(wire, data, length);
}

void wire_optional(struct wire *wire, slice_boxed_uint8_t slice)
{
    wire_number(wire, slice.ptr != NULL);
    wire_bytes(wire, slice.ptr, slice.ptr == NULL ? 0 : slice.len);
}

uint64_t wire_take(struct wire *wire)
{
    uint64_t value = 0;
    if (wire->failed || wire->length - wire->at < sizeof value) {
        wire->failed = true;
        return 0;
    }
    memcpy(&value, wire->data + wire->at, sizeof value);
    wire->at += sizeof value;
    return value;
}

slice_ref_uint8_t wire_take_bytes(struct wire *wire)
{
    static uint8_t const none[1];
    uint64_t length = wire_take(wire);
    if (wire->failed || length > wire->length - wire->at) {
        wire->failed = true;
        return (slice_ref_uint8_t){none, 0};
    }
    slice_ref_uint8_t bytes = {wire->data + wire->at, length};
    wire->at += length;
    return bytes;
}

slice_boxed_uint8_t wire_take_optional(struct wire *wire)
{
    bool present = wire_take(wire) != 0;
    slice_ref_uint8_t bytes = wire_take_bytes(wire);
    slice_boxed_uint8_t copy = {present && !wire->failed ? malloc(bytes.len + 1) : NULL, bytes.len};
    if (copy.ptr == NULL) {
        wire->failed |= present;
        return (slice_boxed_uint8_t){NULL, 0};
    }
    memcpy(copy.ptr, bytes.ptr, bytes.len);
    return copy;
}

void wire_result(struct wire *wire, FvmMachineExecuteResponse_t const *value)
{
    uint64_t const numbers[] = {value->exit_code, value->gas_used, value->penalty_hi, value->penalty_lo, value->miner_tip_hi, value->miner_tip_lo,
        value->base_fee_burn_hi, value->base_fee_burn_lo, value->over_estimation_burn_hi, value->over_estimation_burn_lo, value->refund_hi,
        value->refund_lo, value->gas_refund, value->gas_burned};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        wire_number(wire, numbers[i]);
    }
    wire_optional(wire, value->return_val);
    wire_optional(wire, value->exec_trace);
    wire_optional(wire, value->failure_info);
    wire_optional(wire, value->events);
    wire_optional(wire, value->events_root);
}

void wire_take_result(struct wire *wire, FvmMachineExecuteResponse_t *value)
{
    uint64_t *const numbers[] = {&value->exit_code, &value->gas_used, &value->penalty_hi, &value->penalty_lo, &value->miner_tip_hi,
        &value->miner_tip_lo, &value->base_fee_burn_hi, &value->base_fee_burn_lo, &value->over_estimation_burn_hi,
        &value->over_estimation_burn_lo, &value->refund_hi, &value->refund_lo, &value->gas_refund, &value->gas_burned};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i] = wire_take(wire);
    }
    value->return_val = wire_take_optional(wire);
    value->exec_trace = wire_take_optional(wire);
    value->failure_info = wire_take_optional(wire);
    value->events = wire_take_optional(wire);
    value->events_root = wire_take_optional(wire);
}

static bool send_all(int file, void const *data, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t sent = send(file, (uint8_t const *)data + at, length - at, MSG_NOSIGNAL);
        if (sent > 0) {
            at += (size_t)sent;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool receive_all(int file, void *data, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t got = recv(file, (uint8_t *)data + at, length - at, 0);
        if (got > 0) {
            at += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool wire_send(int file, enum wire_kind kind, struct wire const *wire)
{
    uint64_t head = (uint64_t)wire->length << 8 | (uint64_t)kind;
    return !wire->failed && send_all(file, &head, sizeof head) && send_all(file, wire->data, wire->length);
}

bool wire_receive(int file, enum wire_kind *kind, struct wire *wire)
{
    uint64_t head;
    wire_clear(wire);
    if (!receive_all(file, &head, sizeof head)) {
        return false;
    }
    if (head >> 8 > WIRE_LIMIT) {
        wire->failed = true;
        return false;
    }
    *kind = (enum wire_kind)(head & 0xff);
    for (uint64_t left = head >> 8; left > 0;) {
        size_t part = left < STEP ? left : STEP;
        if (!make_room(wire, part) || !receive_all(file, wire->data + wire->length, part)) {
            return false;
        }
        wire->length += part;
        left -= part;
    }
    return true;
}
