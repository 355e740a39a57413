/* A response for out-of-memory conditions: it is static data of the library,
 * and never freed. */
#include "shim.h"

#include <stdint.h>

static char const text[] = "out of memory: cannot allocate the response of this call";

/* The common layout of all responses in filcrypto.h: a status, a text, and a
 * value of zeros, here with the length of the longest. */
static struct {
    int32_t status, is_spare;
    char const *text;
    size_t length;
    uint8_t value[192];
} spare = {1, 1, text, sizeof text - 1, {0}};

void *fvm_shim_spare(void) { return &spare; }
