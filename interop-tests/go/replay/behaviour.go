package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	fvmv1 "fvm.test/interop/protocol/fvm/v1"
	"fvm.test/interop/sidecar"
	"fvm.test/interop/vectors"
	"google.golang.org/grpc/codes"
)

type check struct {
	what string
	err  error
}

// behaviour tests what a node relies on besides results, with the messages of a vector.
func (r *replay) behaviour(v *vectors.Vector) []check {
	// In this order: the first ones need blocks that the server has not read yet.
	return []check{
		{"an extern's error fails the call, and the machine refuses later ones", r.cutShort(v, func() error { return errors.New("disk on fire") })},
		{"so does an extern's panic", r.cutShort(v, func() error { panic("as asked") })},
		{"an answer that the chain does not have ends a message", r.noAnswer(v)},
		{"a state root that the node lacks is refused", r.noState(v)},
		{"redirected actors are refused", r.redirected(v)},
		{"a malformed message leaves the machine as it was", r.malformed(v)},
		{"a run breaks off at a malformed message, and says at which", r.breaksOff(v)},
		{"machines need more than one connection", r.many(v, 150)},
		{"a complete store is asked for less", r.completeStore(v)},
	}
}

func wants(err error, code codes.Code, reason fvmv1.ErrorReason) error {
	var failed *sidecar.Error
	if !errors.As(err, &failed) || failed.Code != code || failed.Reason != reason {
		return fmt.Errorf("the error is %v", err)
	}
	return nil
}

// cutShort runs the first message on a node that misbehaves at the first block that is asked for.
func (r *replay) cutShort(v *vectors.Vector, misbehave func() error) error {
	m, node, err := r.machine(v)
	if err != nil {
		return err
	}
	defer m.Close()
	node.before = misbehave
	first := v.Messages[0]
	_, err = m.ApplyMessage(first.Bytes, uint(first.RawLength))
	if err := wants(err, codes.Aborted, fvmv1.ErrorReason_ERROR_REASON_CALLBACK_FAILED); err != nil {
		return err
	}
	node.before = nil
	if _, err = m.ApplyMessage(first.Bytes, uint(first.RawLength)); err == nil {
		return errors.New("the machine goes on without the message")
	}
	if err := wants(err, codes.FailedPrecondition, fvmv1.ErrorReason_ERROR_REASON_MACHINE_BROKEN); err != nil {
		return err
	}
	_, err = m.Flush()
	return wants(err, codes.FailedPrecondition, fvmv1.ErrorReason_ERROR_REASON_MACHINE_BROKEN)
}

// noAnswer answers one more get each time, and none after it, until the message needs no more: it ends with exit code 10, or, before it runs, with an
// error.
func (r *replay) noAnswer(v *vectors.Vector) error {
	const attempts, assertionFailed = 200, 10
	ended := 0
	for i := 0; i < attempts; i++ {
		m, node, err := r.machine(v)
		if err != nil {
			return err
		}
		gets := 0
		node.before = func() error {
			if gets++; gets > i {
				return fmt.Errorf("as asked: %w", sidecar.ErrNoAnswer)
			}
			return nil
		}
		ret, err := m.ApplyMessage(v.Messages[0].Bytes, uint(v.Messages[0].RawLength))
		m.Close()
		switch {
		case err == nil && ret.ExitCode == assertionFailed && gets > i:
			ended++
		case err == nil && ret.ExitCode == v.Post.Receipts[0].ExitCode && gets <= i:
			if ended == 0 {
				return errors.New("the message never ended so")
			}
			return nil
		default:
			if err := wants(err, codes.FailedPrecondition, fvmv1.ErrorReason_ERROR_REASON_BROKEN_STATE); err != nil {
				return fmt.Errorf("%w, and the result %+v", err, ret)
			}
		}
	}
	return errors.New("the message asks for more and more")
}

func (r *replay) noState(v *vectors.Vector) error {
	lacking := *v
	lacking.Blocks = map[string][]byte{}
	root := v.Pre.State.Cid.Bytes()
	// Not the vector's own root, whose block the server may have in its cache.
	root[len(root)-1] ^= 1
	opts, _, err := r.options(&lacking)
	if err != nil {
		return err
	}
	opts.StateBase = root
	_, err = r.client.CreateFVM(opts)
	return wants(err, codes.FailedPrecondition, fvmv1.ErrorReason_ERROR_REASON_BROKEN_STATE)
}

func (r *replay) redirected(v *vectors.Vector) error {
	opts, _, err := r.options(v)
	if err != nil {
		return err
	}
	opts.ActorRedirect = opts.StateBase
	if _, err = r.client.CreateFVM(opts); err == nil || !strings.Contains(err.Error(), "ActorRedirect") {
		return fmt.Errorf("the error is %v", err)
	}
	return nil
}

func (r *replay) malformed(v *vectors.Vector) error {
	m, _, err := r.machine(v)
	if err != nil {
		return err
	}
	defer m.Close()
	_, err = m.ApplyMessage([]byte{0xff}, 1)
	if err := wants(err, codes.InvalidArgument, fvmv1.ErrorReason_ERROR_REASON_MALFORMED_MESSAGE); err != nil {
		return err
	}
	root, err := m.Flush()
	if err == nil && !bytes.Equal(root, v.Pre.State.Cid.Bytes()) {
		return fmt.Errorf("the state root is %x", root)
	}
	return err
}

func (r *replay) breaksOff(v *vectors.Vector) error {
	opts, _, err := r.options(v)
	if err != nil {
		return err
	}
	messages := messagesOf(v)
	messages[1].Bytes = []byte{0xff}
	_, _, err = r.client.Run(opts, messages)
	var failed *sidecar.Error
	if errors.As(err, &failed) && failed.MessageIndex != 1 {
		return fmt.Errorf("the message is %d of the error %w", failed.MessageIndex, err)
	}
	return wants(err, codes.InvalidArgument, fvmv1.ErrorReason_ERROR_REASON_MALFORMED_MESSAGE)
}

// completeStore runs the first message on both kinds of store: the server's cache is filled by now.
func (r *replay) completeStore(v *vectors.Vector) error {
	var gets [2]int
	for i := range gets {
		opts, node, err := r.options(v)
		if err != nil {
			return err
		}
		node.before = func() error {
			gets[i]++
			return nil
		}
		opts.CompleteStore = i == 1
		m, err := r.client.CreateFVM(opts)
		if err != nil {
			return err
		}
		ret, err := m.ApplyMessage(v.Messages[0].Bytes, uint(v.Messages[0].RawLength))
		m.Close()
		if err != nil || ret.ExitCode != v.Post.Receipts[0].ExitCode {
			return fmt.Errorf("complete store %t: %+v, %w", opts.CompleteStore, ret, err)
		}
	}
	if gets[1] >= gets[0] {
		return fmt.Errorf("%d gets of a complete store, %d of another one", gets[1], gets[0])
	}
	return nil
}

func (r *replay) many(v *vectors.Vector, count int) error {
	machines := make([]*sidecar.FVM, 0, count)
	defer func() {
		for _, m := range machines {
			m.Close()
			m.Close()
		}
	}()
	for len(machines) < count {
		m, _, err := r.machine(v)
		if err != nil {
			return fmt.Errorf("machine %d: %w", len(machines), err)
		}
		machines = append(machines, m)
	}
	first := v.Messages[0]
	for i, m := range machines {
		if ret, err := m.ApplyMessage(first.Bytes, uint(first.RawLength)); err != nil || ret.ExitCode != v.Post.Receipts[0].ExitCode {
			return fmt.Errorf("machine %d: %+v, %w", i, ret, err)
		}
	}
	return nil
}
