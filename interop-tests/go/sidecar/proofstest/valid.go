// Package proofstest has proofs for tests.
package proofstest

import fvmv1 "fvm.test/interop/protocol/fvm/v1"

// Valid takes every proof as valid, as the recorded vectors assume.
type Valid struct{}

func (Valid) VerifyPoSt(*fvmv1.WindowPost) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func (Valid) VerifySeal(*fvmv1.Seal) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func (Valid) VerifyAggregateSeals(*fvmv1.SealAggregate) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}

func (Valid) VerifyReplicaUpdate(*fvmv1.ReplicaUpdate) fvmv1.ProofVerdict {
	return fvmv1.ProofVerdict_PROOF_VERDICT_VALID
}
