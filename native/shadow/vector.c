/* A difference as a vector, in the form that `fvm run` replays: the blocks
 * read before the first message, what the host answered, the messages, the
 * leader's results; the follower's are beside them under "shadow". */
#define _GNU_SOURCE
#include "shadow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_VECTOR = 256 << 20 };

/* ---- Blocks. */

static void add_varint(struct text *text, uint64_t value)
{
    do {
        uint8_t byte = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        text_add(text, &byte, 1);
        value >>= 7;
    } while (value != 0);
}

static void add_block(struct text *car, struct block const *block)
{
    add_varint(car, block->cid_length + block->length);
    text_add(car, block->bytes, block->cid_length + block->length);
}

/* Inline CIDs hold their block themselves. */
static bool is_inline(struct block const *block) { return block->cid_length > 2 && block->bytes[0] == 1 && block->bytes[2] == 0; }

struct codes {
    struct block_set const *read;
    struct block_set found;
};

/* Prepared code is shared by machines, so that a machine may run code that it has not read: code that a block mentions belongs to the vector. */
static void take_code(void *context, struct block *block)
{
    struct codes *codes = context;
    if (shadow_set_find(codes->read, block->bytes, block->cid_length) != NULL) {
        return;
    }
    for (size_t i = 0; i < codes->read->room; i++) {
        struct block_entry const *entry = &codes->read->entries[i];
        if (entry->block != NULL && (entry->flags & BLOCK_READ) != 0
            && memmem(entry->block->bytes + entry->block->cid_length, entry->block->length, block->bytes, block->cid_length) != NULL) {
            atomic_fetch_add(&block->users, 1);
            (void)shadow_set_add(&codes->found, block, BLOCK_READ);
            return;
        }
    }
}

static void make_car(struct text *car, struct machine const *machine)
{
    slice_ref_uint8_t root = machine->parameters.root;
    struct text header = {.limit = 1024};
    uint8_t const start[] = {0xa2, 0x65, 'r', 'o', 'o', 't', 's', 0x81, 0xd8, 0x2a, 0x58, (uint8_t)(root.len + 1), 0};
    uint8_t const end[] = {0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 1};
    text_add(&header, start, sizeof start);
    text_add(&header, root.ptr, root.len);
    text_add(&header, end, sizeof end);
    add_varint(car, header.length);
    text_add(car, header.data, header.length);
    free(header.data);

    struct codes codes = {.read = &machine->blocks};
    shadow_each_code(take_code, &codes);
    struct block_set const *sets[] = {&machine->blocks, &codes.found};
    for (int set = 0; set < 2; set++) {
        for (size_t i = 0; i < sets[set]->room; i++) {
            struct block_entry const *entry = &sets[set]->entries[i];
            if (entry->block != NULL && (entry->flags & BLOCK_READ) != 0 && !is_inline(entry->block)) {
                add_block(car, entry->block);
            }
        }
    }
    shadow_set_clear(&codes.found);
}

/* ---- Results. */

static bool in_vector(struct call const *call) { return call->kind == CALL_EXECUTE && call->leader.status == 0; }

static void add_amount(struct text *json, char const *name, uint64_t high, uint64_t low)
{
    text_print(json, ",\"%s\":\"", name);
    text_amount(json, high, low);
    text_add(json, "\"", 1);
}

static void add_ret(struct text *json, FvmMachineExecuteResponse_t const *value)
{
    text_print(json, "{\"events\":");
    if (!text_events(json, value->events)) {
        json->failed = true;
    }
    text_print(json, ",\"failure\":");
    if (value->failure_info.ptr != NULL) {
        text_json(json, (char const *)value->failure_info.ptr, value->failure_info.len);
    } else {
        text_print(json, "null");
    }
    text_print(json, ",\"gas_burned\":%llu,\"gas_refund\":%llu", (unsigned long long)value->gas_burned,
        (unsigned long long)value->gas_refund);
    add_amount(json, "miner_penalty", value->penalty_hi, value->penalty_lo);
    add_amount(json, "miner_tip", value->miner_tip_hi, value->miner_tip_lo);
    add_amount(json, "base_fee_burn", value->base_fee_burn_hi, value->base_fee_burn_lo);
    add_amount(json, "over_estimation_burn", value->over_estimation_burn_hi, value->over_estimation_burn_lo);
    add_amount(json, "refund", value->refund_hi, value->refund_lo);
    text_print(json, "}");
}

static void add_receipt(struct text *json, FvmMachineExecuteResponse_t const *value)
{
    text_print(json, "{\"exit_code\":%llu,\"gas_used\":%llu,\"return\":\"", (unsigned long long)value->exit_code,
        (unsigned long long)value->gas_used);
    text_base64(json, value->return_val.ptr, value->return_val.ptr == NULL ? 0 : value->return_val.len);
    text_print(json, "\",\"events_root\":");
    if (value->events_root.ptr != NULL && value->events_root.len != 0) {
        text_print(json, "{\"/\":\"");
        text_cid(json, value->events_root.ptr, value->events_root.len);
        text_print(json, "\"}}");
    } else {
        text_print(json, "null}");
    }
}

static void add_root(struct text *json, uint8_t const *root, size_t length)
{
    text_print(json, "\"state_tree\":{\"root_cid\":{\"/\":\"");
    text_cid(json, root, length);
    text_print(json, "\"}}");
}

static void add_results(struct text *json, struct machine const *machine, bool follower)
{
    struct answer const *root = NULL;
    for (int receipts = 0; receipts < 2; receipts++) {
        text_print(json, receipts ? "],\n\"receipts\":[" : "{\"apply_rets\":[");
        int count = 0;
        for (struct call const *call = machine->first; call != NULL; call = call == machine->last ? NULL : call->next) {
            struct answer const *answer = follower ? &call->follower : &call->leader;
            if (call->kind == CALL_FLUSH && answer->known && answer->status == 0 && answer->root.ptr != NULL) {
                root = answer;
            } else if (in_vector(call)) {
                root = NULL; /* a root counts only if it is that after the last message */
                if (answer->known) {
                    text_print(json, count++ == 0 ? "\n " : ",\n ");
                    (receipts ? add_receipt : add_ret)(json, &answer->value);
                }
            }
        }
    }
    text_print(json, "]");
    if (root != NULL) {
        text_print(json, ",\n");
        add_root(json, root->root.ptr, root->root.len);
    }
    text_print(json, "}");
}

/* ---- The other parts. */

static void add_messages(struct text *json, struct machine const *machine)
{
    int count = 0;
    text_print(json, "\"apply_messages\":[");
    for (struct call const *call = machine->first; call != NULL; call = call == machine->last ? NULL : call->next) {
        if (in_vector(call)) {
            text_print(json, "%s{\"bytes\":\"", count++ == 0 ? "\n " : ",\n ");
            text_base64(json, call->message, call->message_length);
            text_print(json, "\",\"kind\":\"%s\",\"raw_length\":%llu}", call->apply_kind == 0 ? "explicit" : "implicit",
                (unsigned long long)call->chain_length);
        }
    }
    text_print(json, "],\n");
}

static void add_answers(struct text *json, struct machine const *machine)
{
    int count = 0;
    text_print(json, "\"randomness\":[");
    for (struct extern_answer const *answer = machine->answers; answer != NULL; answer = answer->next) {
        if (answer->code == 0 && (answer->kind == EXTERN_CHAIN || answer->kind == EXTERN_BEACON)) {
            text_print(json, "%s{\"on\":[\"%s\",%lld],\"ret\":\"", count++ == 0 ? "" : ",\n ",
                answer->kind == EXTERN_CHAIN ? "chain" : "beacon", (long long)answer->epoch);
            text_base64(json, answer->out, 32);
            text_print(json, "\"}");
        }
    }
    text_print(json, "],\n\"tipset_cids\":[");
    count = 0;
    for (struct extern_answer const *answer = machine->answers; answer != NULL; answer = answer->next) {
        size_t length = sizeof answer->out;
        while (length > 0 && answer->out[length - 1] == 0) {
            length--;
        }
        if (answer->code == 0 && answer->kind == EXTERN_TIPSET && length > 4 && answer->out[0] == 1) {
            /* Zeros may be the end of the hash: its length is told by the CID. */
            size_t whole = answer->out[1] == 0x71 && answer->out[2] == 0xa0 ? 38 : 36;
            text_print(json, "%s{\"epoch\":%lld,\"cid\":{\"/\":\"", count++ == 0 ? "" : ",\n ", (long long)answer->epoch);
            text_cid(json, answer->out, length > whole ? length : whole);
            text_print(json, "\"}}");
        }
    }
    text_print(json, "],\n");
}

static void add_library(struct text *json, char const *role, struct library const *library)
{
    char const *version = library->version == NULL ? "unknown" : library->version();
    text_print(json, "\"%s\":{\"path\":", role);
    text_json(json, library->path, strlen(library->path));
    text_print(json, ",\"version\":");
    text_json(json, version, strlen(version));
    text_print(json, "},\n");
}

static void add_comparison(struct text *json, struct machine const *machine)
{
    text_print(json, "\"shadow\":{");
    add_library(json, "leader", &shadow_leader);
    add_library(json, "follower", &shadow_follower);
    text_print(json, "\"differences\":[");
    for (int i = 0; i < machine->difference_count; i++) {
        struct difference const *difference = &machine->differences[i];
        text_print(json, "%s{\"message\":%ld,\"field\":\"%s\",\"leader\":", i == 0 ? "\n " : ",\n ", difference->message, difference->field);
        text_json(json, difference->leader, strlen(difference->leader));
        text_print(json, ",\"follower\":");
        text_json(json, difference->follower, strlen(difference->follower));
        text_print(json, "}");
    }
    bool faults = false;
    for (struct extern_answer const *answer = machine->answers; answer != NULL; answer = answer->next) {
        faults |= answer->kind == EXTERN_FAULT && answer->fault != 0;
    }
    text_print(json, "],\n\"consensus_faults_found\":%s,\n\"code_redirected\":%s,\n\"follower_results\":", faults ? "true" : "false",
        machine->parameters.redirect.len != 0 ? "true" : "false");
    add_results(json, machine, true);
    text_print(json, "}");
}

/* What the machine has now, to be read without its gate, for which the host's calls would wait: the calls up to the last one, with their answers,
 * belong to this thread of the follower, and answers of the host stay as they are. */
static struct machine snapshot(struct machine *machine)
{
    pthread_mutex_lock(&machine->gate);
    struct machine view = {
        .parameters = machine->parameters,
        .first = machine->first,
        .last = machine->last,
        .blocks = shadow_set_copy(&machine->blocks),
        .answers = machine->answers,
        .difference_count = machine->difference_count,
    };
    pthread_mutex_unlock(&machine->gate);
    memcpy(view.differences, machine->differences, sizeof view.differences);
    return view;
}

static void make_vector(struct text *json, struct machine const *machine, char const *id)
{
    struct parameters const *p = &machine->parameters;
    struct text car = {.limit = MAX_VECTOR}, packed = {.limit = MAX_VECTOR};
    make_car(&car, machine);
    text_gzip(&packed, (uint8_t const *)car.data, car.length);
    text_print(json, "{\"class\":\"message\",\n\"_meta\":{\"id\":\"%s\",\"desc\":\"a difference that libfvm_shadow found\"},\n\"car\":\"", id);
    json->failed |= car.failed || packed.failed;
    text_base64(json, (uint8_t const *)packed.data, packed.length);
    free(car.data);
    free(packed.data);
    text_print(json, "\",\n\"preconditions\":{\"actor_debugging\":%s,\"chain_id\":%llu,\"timestamp\":%llu", p->debug ? "true" : "false",
        (unsigned long long)p->chain_id, (unsigned long long)p->timestamp);
    add_amount(json, "basefee", p->base_fee_hi, p->base_fee_lo);
    add_amount(json, "circ_supply", p->supply_hi, p->supply_lo);
    text_print(json, ",");
    add_root(json, p->root.ptr, p->root.len);
    text_print(json, ",\"variants\":[{\"epoch\":%lld,\"id\":\"nv%u\",\"nv\":%u}]},\n", (long long)p->epoch, p->network_version,
        p->network_version);
    add_messages(json, machine);
    text_print(json, "\"postconditions\":");
    add_results(json, machine, false);
    text_print(json, ",\n");
    add_answers(json, machine);
    add_comparison(json, machine);
    text_print(json, "}\n");
}

/* Number and size of the vectors in the folder. */
static bool measure(char const *folder, long *files, size_t *bytes)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return false;
    }
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        struct stat status;
        if (strncmp(entry->d_name, "fvm-shadow-", 11) == 0 && fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
            ++*files;
            *bytes += (size_t)status.st_size;
        }
    }
    closedir(directory);
    return true;
}

static char const *save(struct text const *json, char const *folder, char const *id, char *path, size_t room)
{
    char draft[PATH_MAX];
    if (snprintf(draft, sizeof draft, "%s/.%s.tmp", folder, id) >= (int)sizeof draft
        || snprintf(path, room, "%s/%s.json", folder, id) >= (int)room) {
        return "the path is too long";
    }
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0) {
        return strerror(errno);
    }
    char const *problem = NULL;
    for (size_t at = 0; at < json->length && problem == NULL;) {
        ssize_t written = write(file, json->data + at, json->length - at);
        if (written > 0) {
            at += (size_t)written;
        } else if (written < 0 && errno != EINTR) {
            problem = strerror(errno);
        }
    }
    if (problem == NULL && fsync(file) != 0) {
        problem = strerror(errno);
    }
    close(file);
    if (problem == NULL && rename(draft, path) != 0) {
        problem = strerror(errno);
    }
    if (problem != NULL) {
        unlink(draft);
    }
    return problem;
}

void shadow_write_vector(struct machine *machine)
{
    static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    static long number;
    char const *folder = shadow_settings.out;
    if (folder == NULL) {
        return;
    }
    pthread_mutex_lock(&gate);
    char id[120], path[PATH_MAX];
    snprintf(id, sizeof id, "fvm-shadow-nv%u-%llu-%ld-%ld", machine->parameters.network_version,
        (unsigned long long)machine->parameters.epoch, (long)getpid(), ++number);
    long files = 0;
    size_t bytes = 0;
    char const *problem = NULL;
    (void)mkdir(folder, 0755);
    if (!measure(folder, &files, &bytes)) {
        problem = strerror(errno);
    } else if (files >= shadow_settings.out_files || bytes >= shadow_settings.out_bytes) {
        problem = "FVM_SHADOW_OUT_FILES or FVM_SHADOW_OUT_MIB is reached";
    } else {
        struct text json = {.limit = MAX_VECTOR};
        struct machine view = snapshot(machine);
        make_vector(&json, &view, id);
        shadow_set_clear(&view.blocks);
        if (json.failed) {
            problem = "it is too large, or malformed";
        } else if (json.length > shadow_settings.out_bytes - bytes) {
            problem = "FVM_SHADOW_OUT_MIB would be exceeded";
        } else {
            problem = save(&json, folder, id, path, sizeof path);
        }
        free(json.data);
    }
    shadow_count(problem == NULL ? VECTORS : VECTORS_LOST);
    if (problem == NULL) {
        shadow_log("vector: %s", path);
    } else {
        shadow_log("no vector in %s: %s", folder, problem);
    }
    pthread_mutex_unlock(&gate);
}
