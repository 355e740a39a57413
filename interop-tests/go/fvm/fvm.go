// Package fvm calls the machine's C interface as a Go node would, with a
// blockstore and chain data in Go, through callbacks.
//
// CGO_CFLAGS and CGO_LDFLAGS locate the header and the library.
package fvm

/*
#include <stdlib.h>
#include "filcrypto.h"
*/
import "C"

import (
	"errors"
	"runtime"
	"unsafe"
)

// Options are the parameters of a machine.
type Options struct {
	Epoch          int64
	Timestamp      uint64
	ChainID        uint64
	BaseFee        uint64
	Supply         [2]uint64 // high, low
	NetworkVersion uint32
	StateRoot      []byte
	Debug, Tracing bool
	FlushAll       bool
}

// Ret is the result of a message.
type Ret struct {
	ExitCode, GasUsed uint64
	Return            []byte
	Penalty           uint64 // low half
	Trace, Events     []byte
	EventsRoot        []byte
	FailureInfo       string
}

// Machine is dropped by Drop, or when it is garbage-collected.
type Machine struct {
	inner  *C.InnerFvmMachine_t
	handle uint64
}

var empty byte

func lend(b []byte) C.slice_ref_uint8_t {
	if len(b) == 0 {
		return C.slice_ref_uint8_t{ptr: (*C.uint8_t)(unsafe.Pointer(&empty))}
	}
	return C.slice_ref_uint8_t{ptr: (*C.uint8_t)(unsafe.Pointer(&b[0])), len: C.size_t(len(b))}
}

func copied(s C.slice_boxed_uint8_t) []byte {
	if s.ptr == nil {
		return nil
	}
	return C.GoBytes(unsafe.Pointer(s.ptr), C.int(s.len))
}

func failure(status C.FCPResponseStatus_t, text C.slice_boxed_uint8_t) error {
	if status == 0 {
		return nil
	}
	if text.len == 0 {
		return errors.New("an error without a text")
	}
	return errors.New(string(copied(text)))
}

// Version is the version of the library.
func Version() string { return C.GoString(C.fvm_version()) }

// Capabilities is the identity and capabilities of the library, as JSON.
func Capabilities() ([]byte, error) {
	r := C.fvm_capabilities()
	defer C.destroy_fvm_capabilities_response(r)
	if err := failure(r.status_code, r.error_msg); err != nil {
		return nil, err
	}
	return copied(r.value), nil
}

// Create creates a machine that reads blocks and chain data from h.
func Create(h Host, o Options) (*Machine, error) {
	handle := register(h)
	var r *C.Result_InnerFvmMachine_ptr_t
	if o.Debug {
		r = C.create_fvm_debug_machine(0, C.uint64_t(o.Epoch), C.uint64_t(o.Timestamp), C.uint64_t(o.ChainID), 0,
			C.uint64_t(o.BaseFee), C.uint64_t(o.Supply[0]), C.uint64_t(o.Supply[1]), C.uint32_t(o.NetworkVersion),
			lend(o.StateRoot), lend(nil), C.bool(o.Tracing), C.bool(o.FlushAll), C.uint64_t(handle), C.uint64_t(handle))
	} else {
		r = C.create_fvm_machine(0, C.uint64_t(o.Epoch), C.uint64_t(o.Timestamp), C.uint64_t(o.ChainID), 0,
			C.uint64_t(o.BaseFee), C.uint64_t(o.Supply[0]), C.uint64_t(o.Supply[1]), C.uint32_t(o.NetworkVersion),
			lend(o.StateRoot), C.bool(o.Tracing), C.bool(o.FlushAll), C.uint64_t(handle), C.uint64_t(handle))
	}
	runtime.KeepAlive(o.StateRoot)
	inner := r.value
	r.value = nil
	err := failure(r.status_code, r.error_msg)
	C.destroy_create_fvm_machine_response(r)
	if err != nil {
		unregister(handle)
		return nil, err
	}
	m := &Machine{inner: inner, handle: handle}
	runtime.SetFinalizer(m, (*Machine).Drop)
	return m, nil
}

// Drop frees the machine. It is idempotent.
func (m *Machine) Drop() {
	if m.inner == nil {
		return
	}
	C.drop_fvm_machine(m.inner)
	m.inner = nil
	unregister(m.handle)
	runtime.SetFinalizer(m, nil)
}

// Apply applies a message. chainLen is its on-chain length.
func (m *Machine) Apply(message []byte, chainLen uint64, implicit bool) (*Ret, error) {
	kind := C.uint64_t(0)
	if implicit {
		kind = 1
	}
	r := C.fvm_machine_execute_message(m.inner, lend(message), C.uint64_t(chainLen), kind)
	runtime.KeepAlive(m)
	runtime.KeepAlive(message)
	defer C.destroy_fvm_machine_execute_response(r)
	if err := failure(r.status_code, r.error_msg); err != nil {
		return nil, err
	}
	v := &r.value
	return &Ret{
		ExitCode: uint64(v.exit_code), GasUsed: uint64(v.gas_used), Return: copied(v.return_val), Penalty: uint64(v.penalty_lo),
		Trace: copied(v.exec_trace), Events: copied(v.events), EventsRoot: copied(v.events_root),
		FailureInfo: string(copied(v.failure_info)),
	}, nil
}

// Flush writes the state and returns its root. The response is freed as by
// filecoin-ffi's bindings: by a function of the proofs library.
func (m *Machine) Flush() ([]byte, error) {
	r := C.fvm_machine_flush(m.inner)
	runtime.KeepAlive(m)
	defer C.destroy_seal_pre_commit_phase1_response(r)
	if err := failure(r.status_code, r.error_msg); err != nil {
		return nil, err
	}
	return copied(r.value), nil
}
