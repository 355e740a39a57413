package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fvm.test/interop/fvm"
)

// A vector of examples/vectors.
type vector struct {
	Car  []byte `json:"car"`
	Meta struct {
		ID string `json:"id"`
	} `json:"_meta"`
	Pre struct {
		Debug     bool   `json:"actor_debugging"`
		BaseFee   string `json:"basefee"`
		ChainID   uint64 `json:"chain_id"`
		Supply    string `json:"circ_supply"`
		State     root   `json:"state_tree"`
		Timestamp uint64 `json:"timestamp"`
		Variants  []struct {
			Epoch int64  `json:"epoch"`
			NV    uint32 `json:"nv"`
		} `json:"variants"`
	} `json:"preconditions"`
	Messages []struct {
		Bytes     []byte `json:"bytes"`
		Kind      string `json:"kind"`
		RawLength uint64 `json:"raw_length"`
	} `json:"apply_messages"`
	Post struct {
		State    root `json:"state_tree"`
		Receipts []struct {
			ExitCode   uint64 `json:"exit_code"`
			Return     []byte `json:"return"`
			GasUsed    uint64 `json:"gas_used"`
			EventsRoot *link  `json:"events_root"`
		} `json:"receipts"`
	} `json:"postconditions"`
	blocks map[string][]byte
}

type link struct {
	Text string `json:"/"`
}

type root struct {
	Cid link `json:"root_cid"`
}

func (l link) bytes() []byte {
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.TrimPrefix(l.Text, "b")))
	if err != nil {
		panic(err)
	}
	return b
}

func readVectors(folder string) (all []*vector, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		v := &vector{}
		if err := json.Unmarshal(raw, v); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if v.blocks, err = readCar(v.Car); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, v)
	}
	if len(all) == 0 {
		return nil, errors.New("no vectors in " + folder)
	}
	return all, nil
}

func readCar(packed []byte) (map[string][]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	blocks := map[string][]byte{}
	for head := true; len(raw) > 0; head = false {
		n, used := binary.Uvarint(raw)
		if used <= 0 || n > uint64(len(raw)-used) {
			return nil, errors.New("the CAR is cut")
		}
		section := raw[used : used+int(n)]
		raw = raw[used+int(n):]
		if head {
			continue
		}
		at := 0
		var digest uint64
		for field := 0; field < 4; field++ {
			value, used := binary.Uvarint(section[at:])
			at += used
			digest = value
		}
		cut := at + int(digest)
		blocks[string(section[:cut])] = section[cut:]
	}
	return blocks, nil
}

func (v *vector) options() fvm.Options {
	fee, err := strconv.ParseUint(v.Pre.BaseFee, 10, 64)
	if err != nil {
		panic(err)
	}
	return fvm.Options{
		Epoch: v.Pre.Variants[0].Epoch, NetworkVersion: v.Pre.Variants[0].NV, Timestamp: v.Pre.Timestamp, ChainID: v.Pre.ChainID,
		BaseFee: fee, Supply: [2]uint64{1 << 20, 0}, StateRoot: v.Pre.State.Cid.bytes(), Debug: v.Pre.Debug,
	}
}

// apply runs all messages on m and compares the results, then flushes and compares the root.
func (v *vector) apply(m *fvm.Machine, s *store) error {
	for i, message := range v.Messages {
		ret, err := m.Apply(message.Bytes, message.RawLength, message.Kind == "implicit")
		if err != nil {
			return fmt.Errorf("%s: message %d: %w", v.Meta.ID, i, err)
		}
		want := v.Post.Receipts[i]
		switch {
		case ret.ExitCode != want.ExitCode || ret.GasUsed != want.GasUsed || !bytes.Equal(ret.Return, want.Return):
			return fmt.Errorf("%s: message %d: exit %d gas %d return %x, not %d %d %x (%s)", v.Meta.ID, i, ret.ExitCode, ret.GasUsed,
				ret.Return, want.ExitCode, want.GasUsed, want.Return, ret.FailureInfo)
		case ret.Return != nil && len(ret.Return) == 0:
			return fmt.Errorf("%s: message %d: an empty return is there", v.Meta.ID, i)
		case (want.EventsRoot == nil) != (ret.EventsRoot == nil) || want.EventsRoot != nil && !bytes.Equal(want.EventsRoot.bytes(), ret.EventsRoot):
			return fmt.Errorf("%s: message %d: events root %x", v.Meta.ID, i, ret.EventsRoot)
		}
	}
	got, err := m.Flush()
	if err != nil {
		return err
	}
	if want := v.Post.State.Cid.bytes(); !bytes.Equal(got, want) {
		return fmt.Errorf("%s: state root %x, not %x", v.Meta.ID, got, want)
	}
	if s != nil && s.find(string(got)) == nil {
		return fmt.Errorf("%s: the state root was not put", v.Meta.ID)
	}
	return nil
}

// run creates a machine for the vector and applies it.
func (v *vector) run(change func(*fvm.Options)) error {
	s := newStore(v.blocks)
	o := v.options()
	if change != nil {
		change(&o)
	}
	m, err := fvm.Create(s, o)
	if err != nil {
		return err
	}
	defer m.Drop()
	return v.apply(m, s)
}
