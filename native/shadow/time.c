/* The clock. Used by the library and by the follower's process, which compare its times. */
#define _GNU_SOURCE
#include "shadow.h"

#include <time.h>

int64_t shadow_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t shadow_now_ms(void) { return shadow_now_us() / 1000; }
