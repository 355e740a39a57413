package main

// Put beside the sources of a program for filecoin-ffi's bindings, whose imports are replaced by those of the sidecar: what it needs beyond them.

import (
	"fvm.test/interop/ffi"
	fvmv1 "fvm.test/interop/protocol/fvm/v1"
)

// valid verifies every proof, as the recorded vectors assume.
type valid struct{}

func (valid) VerifyPoSt(*fvmv1.WindowPost) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func (valid) VerifySeal(*fvmv1.Seal) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func (valid) VerifyAggregateSeals(*fvmv1.SealAggregate) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func (valid) VerifyReplicaUpdate(*fvmv1.ReplicaUpdate) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func init() { ffi.Proofs = valid{} }

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
