// Command replay runs vectors through the sidecar, and compares results, state roots and trace digests.
//
//	replay -socket ADDRESS [-bundles DIR] [-jobs N] [-every N] [-break COMMAND] FILE…
//
// The last line is "N passed, N failed, N skipped".
package main

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"fvm.test/interop/sidecar"
	"fvm.test/interop/sidecar/proofstest"
	"fvm.test/interop/vectors"
)

type replay struct {
	client  *sidecar.Client
	folder  string
	gate    sync.Mutex
	bundles map[string]map[string][]byte
}

func main() {
	socket := flag.String("socket", "", "path of the server's socket, or https://HOST:PORT, as of sidecar.ClientOf")
	folder := flag.String("bundles", "", "folder with the bundles of builtin actors that vectors name")
	jobs := flag.Int("jobs", 2, "how many vectors run at a time")
	every := flag.Int("every", 1, "take only one vector in N")
	command := flag.String("break", "", "a shell command that kills the server and starts another one, in the midst of the first vector; also tests behaviour besides results")
	flag.Parse()
	if *socket == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	client, err := sidecar.ClientOf(*socket)
	if err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(2)
	}
	r := &replay{client: client, folder: *folder, bundles: map[string]map[string][]byte{}}
	var all []*vectors.Vector
	for _, path := range flag.Args() {
		read, err := vectors.Read(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, "replay:", err)
			os.Exit(2)
		}
		for i := 0; i < len(read); i += *every {
			all = append(all, read[i])
		}
	}
	passed, failed := 0, 0
	count := func(err error) {
		if err != nil {
			failed++
			fmt.Println("FAIL", err)
		} else {
			passed++
		}
	}
	if *command != "" {
		for _, c := range r.behaviour(all[0]) {
			if c.err != nil {
				c.err = fmt.Errorf("%s: %w", c.what, c.err)
			}
			count(c.err)
		}
		// In the behaviour's tests the server has read the vector's blocks; the next one has not.
		if out, err := exec.Command("sh", "-c", *command).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "replay: %s: %v: %s\n", *command, err, out)
			os.Exit(2)
		}
		count(r.breaks(all[0], *command))
		for _, v := range all {
			count(r.asOne(v))
		}
	}
	queue, results := make(chan *vectors.Vector), make(chan error)
	for i := 0; i < *jobs; i++ {
		go func() {
			for v := range queue {
				results <- r.run(v, nil)
			}
		}()
	}
	go func() {
		for _, v := range all {
			queue <- v
		}
		close(queue)
	}()
	for range all {
		count(<-results)
	}
	fmt.Printf("%d passed, %d failed, 0 skipped\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func (r *replay) bundle(name string) (map[string][]byte, error) {
	if name == "" {
		return nil, nil
	}
	r.gate.Lock()
	defer r.gate.Unlock()
	if blocks, ok := r.bundles[name]; ok {
		return blocks, nil
	}
	raw, err := os.ReadFile(filepath.Join(r.folder, name))
	if err != nil {
		return nil, err
	}
	r.bundles[name], err = vectors.ReadCar(raw)
	return r.bundles[name], err
}

// options are those of a vector's machine, with the node that answers it.
func (r *replay) options(v *vectors.Vector) (*sidecar.FVMOpts, *externs, error) {
	bundle, err := r.bundle(v.Meta.Bundle)
	if err != nil {
		return nil, nil, err
	}
	fee, okFee := new(big.Int).SetString(v.Pre.BaseFee, 10)
	supply, okSupply := new(big.Int).SetString(v.Pre.Supply, 10)
	if !okFee || !okSupply {
		return nil, nil, errors.New(v.Meta.ID + ": the base fee or the supply is no number")
	}
	node := &externs{vector: v, bundle: bundle, put: map[string][]byte{}}
	return &sidecar.FVMOpts{
		Externs: node, Proofs: proofstest.Valid{}, Epoch: v.Pre.Variants[0].Epoch, Timestamp: v.Pre.Timestamp, ChainID: v.Pre.ChainID, BaseFee: fee,
		BaseCircSupply: supply, NetworkVersion: v.Pre.Variants[0].NV, StateBase: v.Pre.State.Cid.Bytes(), Tracing: true, Debug: v.Pre.Debug,
	}, node, nil
}

func (r *replay) machine(v *vectors.Vector) (*sidecar.FVM, *externs, error) {
	opts, node, err := r.options(v)
	if err != nil {
		return nil, nil, err
	}
	m, err := r.client.CreateFVM(opts)
	return m, node, err
}

// run executes a vector, with a function to call before each get of the messages, and compares everything.
func (r *replay) run(v *vectors.Vector, before func() error) error {
	m, node, err := r.machine(v)
	if err != nil {
		return fmt.Errorf("%s: %w", v.Meta.ID, err)
	}
	defer m.Close()
	node.before = before
	for i, message := range v.Messages {
		faults := node.faults
		ret, err := apply(m, message.Bytes, uint(message.RawLength), message.Kind == "implicit")
		if err != nil {
			return fmt.Errorf("%s: message %d: %w", v.Meta.ID, i, err)
		}
		if err := v.Compare(i, resultOf(ret, node.faults > faults)); err != nil {
			return err
		}
	}
	root, err := m.Flush()
	if err != nil {
		return fmt.Errorf("%s: flush: %w", v.Meta.ID, err)
	}
	return compareRoot(v, node, root)
}

func compareRoot(v *vectors.Vector, node *externs, root []byte) error {
	if block, _ := node.Get(nil, root); block == nil {
		return errors.New(v.Meta.ID + ": the state root was not put")
	}
	return v.CompareRoot(root)
}

// asOne executes a vector by one call, and compares everything.
func (r *replay) asOne(v *vectors.Vector) error {
	opts, node, err := r.options(v)
	if err != nil {
		return err
	}
	rets, root, err := r.client.Run(opts, messagesOf(v))
	if err != nil || len(rets) != len(v.Messages) {
		return fmt.Errorf("%s as one: %d results: %w", v.Meta.ID, len(rets), err)
	}
	for i, ret := range rets {
		if err := v.Compare(i, resultOf(ret, node.faults > 0)); err != nil {
			return fmt.Errorf("as one: %w", err)
		}
	}
	return compareRoot(v, node, root)
}

func messagesOf(v *vectors.Vector) []sidecar.Message {
	var all []sidecar.Message
	for _, message := range v.Messages {
		one := sidecar.Message{Bytes: message.Bytes, ChainLen: uint64(message.RawLength), Implicit: message.Kind == "implicit"}
		all = append(all, one)
	}
	return all
}

func resultOf(ret *sidecar.ApplyRet, faultChecked bool) vectors.Result {
	return vectors.Result{
		ExitCode: ret.ExitCode, GasUsed: uint64(ret.GasUsed), Return: ret.Return, EventsRoot: ret.EventsRoot, Failure: ret.FailureInfo,
		Beyond: &vectors.Beyond{
			MinerPenalty: ret.MinerPenalty.String(), MinerTip: ret.MinerTip.String(), BaseFeeBurn: ret.BaseFeeBurn.String(),
			OverEstimationBurn: ret.OverEstimationBurn.String(), Refund: ret.Refund.String(), GasRefund: uint64(ret.GasRefund),
			GasBurned: uint64(ret.GasBurned), Events: ret.EventsBytes, TraceLength: ret.TraceEvents,
			TraceDigest: hex.EncodeToString(ret.TraceDigest), FaultChecked: faultChecked,
		},
	}
}

func apply(m *sidecar.FVM, message []byte, length uint, implicit bool) (*sidecar.ApplyRet, error) {
	if implicit {
		return m.ApplyImplicitMessage(message)
	}
	return m.ApplyMessage(message, length)
}
