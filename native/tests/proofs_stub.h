/* Shared by the stubs of the proofs library: responses. */
#ifndef FVM_PROOFS_STUB_H
#define FVM_PROOFS_STUB_H

#include <stdlib.h>
#include <string.h>

#include "../shadow/proofs.h"

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
