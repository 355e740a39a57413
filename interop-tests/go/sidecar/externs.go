package sidecar

import (
	"context"
	"errors"
	"fmt"

	fvmv1 "fvm.test/interop/protocol/fvm/v1"
)

// Block is a block with its CID in binary form.
type Block struct{ Cid, Data []byte }

// Externs answer a machine from the node's chain and blockstore. CIDs are in binary form. An error ends the call without a result, unless it is
// ErrNoAnswer; so does a panic.
type Externs interface {
	GetChainRandomness(ctx context.Context, epoch int64) ([32]byte, error)
	GetBeaconRandomness(ctx context.Context, epoch int64) ([32]byte, error)
	// VerifyConsensusFault returns nil if the headers prove no fault, and the gas used.
	VerifyConsensusFault(ctx context.Context, h1, h2, extra []byte) (*ConsensusFault, int64)
	TipsetCid(ctx context.Context, epoch int64) ([]byte, error)
	// Get returns nil for a missing block, which is no error.
	Get(ctx context.Context, cid []byte) ([]byte, error)
	Has(ctx context.Context, cid []byte) (bool, error)
	PutMany(ctx context.Context, blocks []Block) error
}

// ConsensusFault is a proven fault of a miner.
type ConsensusFault struct {
	Target uint64 // the miner's actor ID
	Epoch  int64  // the higher one of the headers'
	Type   fvmv1.ConsensusFaultType
}

// Proofs verify proofs of storage, as filecoin-proofs does: filecoin-ffi verifies them within the machine's library.
type Proofs interface {
	VerifyPoSt(*fvmv1.WindowPost) fvmv1.ProofVerdict
	VerifySeal(*fvmv1.Seal) fvmv1.ProofVerdict
	VerifyAggregateSeals(*fvmv1.SealAggregate) fvmv1.ProofVerdict
	VerifyReplicaUpdate(*fvmv1.ReplicaUpdate) fvmv1.ProofVerdict
}

// Answers with more bytes of blocks are sent in parts.
const maxAnswerBytes = 8 << 20

// answer answers a callback: by several answers if the blocks do not fit into one.
func (f *FVM) answer(callback *fvmv1.Callback) (answers []*fvmv1.CallbackAnswer) {
	defer func() {
		if cause := recover(); cause != nil {
			answers = failure(fmt.Errorf("panic: %v", cause))
		}
	}()
	ctx, externs := f.stream.Context(), f.opts.Externs
	switch question := callback.Question.(type) {
	case *fvmv1.Callback_GetBlocks:
		return f.blocks(ctx, question.GetBlocks.Cids)
	case *fvmv1.Callback_HasBlocks:
		exists := make([]bool, 0, len(question.HasBlocks.Cids))
		for _, cid := range question.HasBlocks.Cids {
			has, err := externs.Has(ctx, cid)
			if err != nil {
				return failure(err)
			}
			exists = append(exists, has)
		}
		return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Existence{Existence: &fvmv1.ExistenceAnswer{Exists: exists}}})
	case *fvmv1.Callback_PutBlocks:
		blocks := make([]Block, 0, len(question.PutBlocks.Blocks))
		for _, block := range question.PutBlocks.Blocks {
			blocks = append(blocks, Block{block.Cid, block.Data})
		}
		if err := externs.PutMany(ctx, blocks); err != nil {
			return failure(err)
		}
		return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Stored{Stored: &fvmv1.StoredAnswer{}}})
	case *fvmv1.Callback_ChainRandomness:
		return randomness(externs.GetChainRandomness(ctx, question.ChainRandomness.Epoch))
	case *fvmv1.Callback_BeaconRandomness:
		return randomness(externs.GetBeaconRandomness(ctx, question.BeaconRandomness.Epoch))
	case *fvmv1.Callback_ConsensusFault:
		headers := question.ConsensusFault
		fault, gas := externs.VerifyConsensusFault(ctx, headers.First, headers.Second, headers.Extra)
		found := &fvmv1.ConsensusFaultAnswer{GasUsed: gas}
		if fault != nil {
			found.Fault = &fvmv1.ConsensusFault{Miner: fault.Target, Epoch: fault.Epoch, Type: fault.Type}
		}
		return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_ConsensusFault{ConsensusFault: found}})
	case *fvmv1.Callback_TipsetCid:
		cid, err := externs.TipsetCid(ctx, question.TipsetCid.Epoch)
		if err != nil {
			return failure(err)
		}
		return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_TipsetCid{TipsetCid: &fvmv1.TipsetCidAnswer{Cid: cid}}})
	default:
		return f.verdicts(callback)
	}
}

func (f *FVM) blocks(ctx context.Context, cids [][]byte) (answers []*fvmv1.CallbackAnswer) {
	part, size := &fvmv1.BlocksAnswer{}, 0
	for _, cid := range cids {
		data, err := f.opts.Externs.Get(ctx, cid)
		if err != nil {
			return failure(err)
		}
		if size > 0 && size+len(data) > maxAnswerBytes {
			part.More = true
			answers = append(answers, &fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Blocks{Blocks: part}})
			part, size = &fvmv1.BlocksAnswer{}, 0
		}
		// A nil slice is an absent block, an empty one a block without bytes.
		part.Blocks = append(part.Blocks, &fvmv1.MaybeBlock{Data: data})
		size += len(data)
	}
	return append(answers, &fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Blocks{Blocks: part}})
}

func (f *FVM) verdicts(callback *fvmv1.Callback) []*fvmv1.CallbackAnswer {
	proofs := f.opts.Proofs
	if proofs == nil {
		return failure(errors.New("the client has nothing that verifies proofs"))
	}
	var verdicts []fvmv1.ProofVerdict
	switch question := callback.Question.(type) {
	case *fvmv1.Callback_VerifyPost:
		verdicts = append(verdicts, proofs.VerifyPoSt(question.VerifyPost))
	case *fvmv1.Callback_VerifySeal:
		verdicts = append(verdicts, proofs.VerifySeal(question.VerifySeal))
	case *fvmv1.Callback_VerifySeals:
		for _, seal := range question.VerifySeals.Seals {
			verdicts = append(verdicts, proofs.VerifySeal(seal))
		}
	case *fvmv1.Callback_VerifyAggregate:
		verdicts = append(verdicts, proofs.VerifyAggregateSeals(question.VerifyAggregate))
	case *fvmv1.Callback_VerifyReplicaUpdate:
		verdicts = append(verdicts, proofs.VerifyReplicaUpdate(question.VerifyReplicaUpdate))
	default:
		return failure(fmt.Errorf("the client does not know the question %T", question))
	}
	return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Proof{Proof: &fvmv1.ProofAnswer{Verdicts: verdicts}}})
}

func one(answer *fvmv1.CallbackAnswer) []*fvmv1.CallbackAnswer {
	return []*fvmv1.CallbackAnswer{answer}
}

func randomness(r [32]byte, err error) []*fvmv1.CallbackAnswer {
	if err != nil {
		return failure(err)
	}
	return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Randomness{Randomness: &fvmv1.RandomnessAnswer{Randomness: r[:]}}})
}

func failure(err error) []*fvmv1.CallbackAnswer {
	kind := fvmv1.CallbackFailureKind_CALLBACK_FAILURE_KIND_TRANSIENT
	if errors.Is(err, ErrNoAnswer) {
		kind = fvmv1.CallbackFailureKind_CALLBACK_FAILURE_KIND_FATAL
	}
	return one(&fvmv1.CallbackAnswer{Answer: &fvmv1.CallbackAnswer_Failure{Failure: &fvmv1.CallbackFailure{Kind: kind, Message: err.Error()}}})
}
