/* The layouts compiled into filecoin-ffi's bindings, on 64-bit Linux. A compile-time check only. */
#include "filcrypto.h"

#define LAYOUT(type, size) _Static_assert(sizeof(type) == (size) && _Alignof(type) == 8, #type)
#define FIELD(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)

LAYOUT(slice_ref_uint8_t, 16);
FIELD(slice_ref_uint8_t, len, 8);
LAYOUT(slice_boxed_uint8_t, 16);
FIELD(slice_boxed_uint8_t, len, 8);

LAYOUT(Result_InnerFvmMachine_ptr_t, 32);
FIELD(Result_InnerFvmMachine_ptr_t, error_msg, 8);
FIELD(Result_InnerFvmMachine_ptr_t, value, 24);

LAYOUT(Result_slice_boxed_uint8_t, 40);
FIELD(Result_slice_boxed_uint8_t, error_msg, 8);
FIELD(Result_slice_boxed_uint8_t, value, 24);

LAYOUT(Result_FvmMachineExecuteResponse_t, 216);
FIELD(Result_FvmMachineExecuteResponse_t, value, 24);
LAYOUT(FvmMachineExecuteResponse_t, 192);
FIELD(FvmMachineExecuteResponse_t, return_val, 8);
FIELD(FvmMachineExecuteResponse_t, gas_used, 24);
FIELD(FvmMachineExecuteResponse_t, penalty_hi, 32);
FIELD(FvmMachineExecuteResponse_t, miner_tip_hi, 48);
FIELD(FvmMachineExecuteResponse_t, base_fee_burn_hi, 64);
FIELD(FvmMachineExecuteResponse_t, over_estimation_burn_hi, 80);
FIELD(FvmMachineExecuteResponse_t, refund_hi, 96);
FIELD(FvmMachineExecuteResponse_t, gas_refund, 112);
FIELD(FvmMachineExecuteResponse_t, gas_burned, 120);
FIELD(FvmMachineExecuteResponse_t, exec_trace, 128);
FIELD(FvmMachineExecuteResponse_t, failure_info, 144);
FIELD(FvmMachineExecuteResponse_t, events, 160);
FIELD(FvmMachineExecuteResponse_t, events_root, 176);

_Static_assert(sizeof(FvmRegisteredVersion_t) == 1 && sizeof(FCPResponseStatus_t) == 4 && sizeof(FvmError_t) == 4, "enums");
_Static_assert(sizeof(bool) == 1, "bool");

int main(void) { return 0; }
