package fvm

/*
#include <stdint.h>
#include <stdlib.h>
typedef const uint8_t *bytes;
typedef const int32_t *lengths;
*/
import "C"

import (
	"errors"
	"sync"
	"unsafe"
)

// Host answers the callbacks of a machine. Get returns nil for a missing block.
type Host interface {
	Get(cid string) ([]byte, error)
	Has(cid string) (bool, error)
	Put(cid string, block []byte) error
	Randomness(epoch int64) ([32]byte, error)
	TipsetCid(epoch int64) ([]byte, error)
	ConsensusFault(h1, h2, extra []byte) (fault, miner, epoch, gas int64, err error)
}

// ErrUnknown makes a callback return the error of an unknown handle.
var ErrUnknown = errors.New("unknown handle")

var (
	gate  sync.RWMutex
	hosts = map[uint64]Host{}
	next  uint64
)

func register(h Host) uint64 {
	gate.Lock()
	defer gate.Unlock()
	next++
	hosts[next] = h
	return next
}

func unregister(handle uint64) {
	gate.Lock()
	defer gate.Unlock()
	delete(hosts, handle)
}

// Hosts is the number of registered hosts.
func Hosts() int {
	gate.RLock()
	defer gate.RUnlock()
	return len(hosts)
}

const (
	invalidHandle = -1
	notFound      = -2
	failed        = -3
	invalid       = -4
	panicked      = -5
)

// with calls f with the host of a handle; a panic becomes an error code.
func with(handle C.uint64_t, f func(Host) (C.int32_t, error)) (answer C.int32_t) {
	defer func() {
		if recover() != nil {
			answer = panicked
		}
	}()
	gate.RLock()
	h := hosts[uint64(handle)]
	gate.RUnlock()
	if h == nil {
		return invalidHandle
	}
	answer, err := f(h)
	switch {
	case err == ErrUnknown:
		return invalidHandle
	case err != nil:
		return failed
	}
	return answer
}

func text(k C.bytes, n C.int32_t) string { return C.GoStringN((*C.char)(unsafe.Pointer(k)), n) }

func slice(k C.bytes, n C.int32_t) []byte { return C.GoBytes(unsafe.Pointer(k), n) }

//export cgo_blockstore_get
func cgo_blockstore_get(handle C.uint64_t, k C.bytes, n C.int32_t, block **C.uint8_t, size *C.int32_t) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) {
		b, err := h.Get(text(k, n))
		if err != nil || b == nil {
			return notFound, err
		}
		*block = (*C.uint8_t)(C.CBytes(b))
		*size = C.int32_t(len(b))
		return 0, nil
	})
}

//export cgo_blockstore_has
func cgo_blockstore_has(handle C.uint64_t, k C.bytes, n C.int32_t) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) {
		has, err := h.Has(text(k, n))
		if has {
			return 1, err
		}
		return 0, err
	})
}

//export cgo_blockstore_put
func cgo_blockstore_put(handle C.uint64_t, k C.bytes, n C.int32_t, block C.bytes, size C.int32_t) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) { return 0, h.Put(text(k, n), slice(block, size)) })
}

//export cgo_blockstore_put_many
func cgo_blockstore_put_many(handle C.uint64_t, sizes C.lengths, count C.int32_t, blocks C.bytes) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) {
		at := unsafe.Pointer(blocks)
		for _, size := range unsafe.Slice((*int32)(unsafe.Pointer(sizes)), int(count)) {
			b := unsafe.Slice((*byte)(at), int(size))
			n := cidLength(b)
			if n < 0 {
				return invalid, nil
			}
			if err := h.Put(string(b[:n]), append([]byte{}, b[n:]...)); err != nil {
				return failed, nil
			}
			at = unsafe.Add(at, size)
		}
		return 0, nil
	})
}

func randomness(handle C.uint64_t, epoch C.int64_t, out *C.uint8_t) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) {
		r, err := h.Randomness(int64(epoch))
		copy(unsafe.Slice((*byte)(unsafe.Pointer(out)), len(r)), r[:])
		return 0, err
	})
}

//export cgo_extern_get_chain_randomness
func cgo_extern_get_chain_randomness(handle C.uint64_t, epoch C.int64_t, out *C.uint8_t) C.int32_t {
	return randomness(handle, epoch, out)
}

//export cgo_extern_get_beacon_randomness
func cgo_extern_get_beacon_randomness(handle C.uint64_t, epoch C.int64_t, out *C.uint8_t) C.int32_t {
	return randomness(handle, epoch, out)
}

//export cgo_extern_verify_consensus_fault
func cgo_extern_verify_consensus_fault(handle C.uint64_t, h1 C.bytes, n1 C.int32_t, h2 C.bytes, n2 C.int32_t, extra C.bytes,
	n3 C.int32_t, miner *C.uint64_t, epoch, fault, gas *C.int64_t) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) {
		f, m, e, g, err := h.ConsensusFault(slice(h1, n1), slice(h2, n2), slice(extra, n3))
		*fault, *gas = C.int64_t(f), C.int64_t(g)
		if f != 0 {
			*miner, *epoch = C.uint64_t(m), C.int64_t(e)
		}
		return 0, err
	})
}

//export cgo_extern_get_tipset_cid
func cgo_extern_get_tipset_cid(handle C.uint64_t, epoch C.int64_t, out *C.uint8_t, room C.int32_t) C.int32_t {
	return with(handle, func(h Host) (C.int32_t, error) {
		cid, err := h.TipsetCid(int64(epoch))
		if len(cid) > int(room) {
			return invalid, err
		}
		copy(unsafe.Slice((*byte)(unsafe.Pointer(out)), int(room)), cid)
		return 0, err
	})
}

// cidLength is the length of the CID (version 1) at the start of b.
func cidLength(b []byte) int {
	at, value := 0, uint64(0)
	for field := 0; field < 4; field++ {
		value = 0
		for shift := uint(0); ; shift += 7 {
			if at == len(b) || shift > 63 {
				return -1
			}
			value |= uint64(b[at]&0x7f) << shift
			at++
			if b[at-1] < 0x80 {
				break
			}
		}
	}
	if value > uint64(len(b)-at) {
		return -1
	}
	return at + int(value)
}
