/* fvm_version, fvm_capabilities, destroy_fvm_capabilities_response. */
#define _GNU_SOURCE
#include "check.h"

#include <ctype.h>

static char const *const keys[] = {"version", "commit", "network_versions", "engines", "engine", "lanes", "processor_features",
    "guard_pages", "missing_proofs"};

static bool has(Result_slice_boxed_uint8_t const *response, char const *part)
{
    return memmem(response->value.ptr, response->value.len, part, strlen(part)) != NULL;
}

static void machines_for_each_version(void)
{
    struct vector *vector = vector_read(vectors, "transfers");
    for (uint32_t version = 16; version <= 29; version++) {
        Result_slice_boxed_uint8_t *response = fvm_capabilities();
        char number[16];
        snprintf(number, sizeof number, "%s%u%s", version == 16 ? "[" : ",", version, version == 29 ? "]" : ",");
        CHECK(has(response, number), "network version %u is not named", version);
        destroy_fvm_capabilities_response(response);
    }
    vector_free(vector);
}

void run(void)
{
    char const *version = fvm_version();
    CHECK(isdigit(version[0]) && strchr(version, '.') != NULL, "the version is '%s'", version);
    CHECK(fvm_version() == version, "the version is a constant");

    setenv("LOTUS_FVM_CONCURRENCY", "3", 1);
    Result_slice_boxed_uint8_t *first = fvm_capabilities(), *second = fvm_capabilities();
    CHECK(first->status_code == 0 && second->status_code == 0, "no capabilities: %.*s", (int)first->error_msg.len, first->error_msg.ptr);
    CHECK(first != second && first->value.ptr != second->value.ptr, "each response is its caller's own");
    CHECK(first->value.len > 2 && first->value.ptr[0] == '{' && first->value.ptr[first->value.len - 1] == '}', "an object of JSON");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "\"%s\":", keys[i]);
        CHECK(has(first, quoted), "no key %s in %.*s", keys[i], (int)first->value.len, first->value.ptr);
    }
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"version\":\"%s\"", version);
    CHECK(has(first, quoted), "another version than fvm_version's");
    CHECK(has(first, "\"lanes\":3"), "the lanes of LOTUS_FVM_CONCURRENCY");
    CHECK(has(first, "\"interpreter\""), "there is always an interpreter");
    CHECK(has(first, "\"verify_seal\""), "this program has no proofs");
    /* Freeing one leaves the other intact. */
    destroy_fvm_capabilities_response(first);
    CHECK(has(second, "\"commit\":\""), "the second response after the first was freed");
    destroy_fvm_capabilities_response(second);
    destroy_fvm_capabilities_response(NULL);
    machines_for_each_version();
}
