package main

// Put beside the sources of a program for filecoin-ffi's bindings, whose imports are replaced by those of the sidecar: what it needs beyond them.

import (
	"fvm.test/interop/ffi"
	"fvm.test/interop/sidecar/proofstest"
)

func init() { ffi.Proofs = proofstest.Valid{} }

// Debian's Go is older than the program, and lacks these.

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func join(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
