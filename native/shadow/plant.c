/* Alters one side's results before they are compared; only in the library that the tests use. */
#ifdef FVM_SHADOW_PLANT
#include "shadow.h"

#include <stdlib.h>
#include <string.h>

void shadow_plant(struct call *call)
{
    char const *what = getenv("FVM_SHADOW_PLANT");
    char const *side = getenv("FVM_SHADOW_PLANT_SIDE");
    struct answer *answer = side != NULL && strcmp(side, "leader") == 0 ? &call->leader : &call->follower;
    if (what == NULL || answer->status != 0) {
        return;
    }
    if (call->kind == CALL_FLUSH) {
        if (strcmp(what, "state_root") == 0 && answer->root.len > 4) {
            answer->root.ptr[answer->root.len - 1] ^= 1;
        }
        return;
    }
    FvmMachineExecuteResponse_t *value = &answer->value;
    if (strcmp(what, "gas_used") == 0) {
        value->gas_used++;
    } else if (strcmp(what, "exit_code") == 0) {
        value->exit_code ^= 1;
    } else if (strcmp(what, "miner_tip") == 0) {
        value->miner_tip_lo++;
    } else if (strcmp(what, "return") == 0 && value->return_val.len != 0) {
        value->return_val.ptr[0] ^= 1;
    } else if (strcmp(what, "events") == 0 && value->events.len != 0) {
        value->events.ptr[value->events.len - 1] ^= 1;
    } else if (strcmp(what, "trace") == 0 && value->exec_trace.len > 8) {
        value->exec_trace.ptr[4] ^= 1;
    } else if (strcmp(what, "status") == 0) {
        answer->status = 1;
    }
}
#endif
