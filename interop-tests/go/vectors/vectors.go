// Package vectors reads test vectors, and compares results with theirs.
package vectors

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
	"sort"
	"strings"
)

// Vector is a state, messages, and their results.
type Vector struct {
	Car  []byte `json:"car"`
	Meta struct {
		ID     string `json:"id"`
		Bundle string `json:"bundle"`
		// Recorder is the program that recorded the vector.
		Recorder string `json:"recorded_with"`
	} `json:"_meta"`
	Randomness []Randomness `json:"randomness"`
	TipsetCids []struct {
		Epoch int64 `json:"epoch"`
		Cid   Link  `json:"cid"`
	} `json:"tipset_cids"`
	Pre struct {
		Debug     bool   `json:"actor_debugging"`
		BaseFee   string `json:"basefee"`
		ChainID   uint64 `json:"chain_id"`
		Supply    string `json:"circ_supply"`
		State     Root   `json:"state_tree"`
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
		State    Root `json:"state_tree"`
		Receipts []struct {
			ExitCode   uint64 `json:"exit_code"`
			Return     []byte `json:"return"`
			GasUsed    uint64 `json:"gas_used"`
			EventsRoot *Link  `json:"events_root"`
		} `json:"receipts"`
		// Rets is empty if the vector has receipts alone.
		Rets []Ret `json:"apply_rets"`
	} `json:"postconditions"`
	// Blocks are those of the CAR, by the bytes of their CIDs.
	Blocks map[string][]byte `json:"-"`
}

// Ret is what a recorded vector tells of a message beyond its receipt.
type Ret struct {
	MinerPenalty       string  `json:"miner_penalty"`
	MinerTip           string  `json:"miner_tip"`
	BaseFeeBurn        string  `json:"base_fee_burn"`
	OverEstimationBurn string  `json:"over_estimation_burn"`
	Refund             string  `json:"refund"`
	GasRefund          uint64  `json:"gas_refund"`
	GasBurned          uint64  `json:"gas_burned"`
	Events             []Event `json:"events"`
	TraceLength        uint64  `json:"trace_length"`
	TraceDigest        string  `json:"trace_digest"`
}

// Event is an event of a message. Its entries are kept as JSON: [flags, key, codec, value in base64].
type Event struct {
	Emitter uint64            `json:"emitter"`
	Entries []json.RawMessage `json:"entries"`
}

// Randomness is an answer of the chain.
type Randomness struct {
	Kind  string // "chain" or "beacon"
	Epoch int64
	Value []byte
}

// UnmarshalJSON reads {"on": [kind, epoch], "ret": base64}; an older form has a tag before the epoch.
func (r *Randomness) UnmarshalJSON(raw []byte) error {
	var entry struct {
		On  []json.RawMessage `json:"on"`
		Ret []byte            `json:"ret"`
	}
	if err := json.Unmarshal(raw, &entry); err != nil {
		return err
	}
	at := 1
	if len(entry.On) == 4 {
		at = 2
	} else if len(entry.On) != 2 {
		return fmt.Errorf("randomness with %d fields", len(entry.On))
	}
	r.Value = entry.Ret
	if err := json.Unmarshal(entry.On[0], &r.Kind); err != nil {
		return err
	}
	return json.Unmarshal(entry.On[at], &r.Epoch)
}

// Link is a CID as text.
type Link struct {
	Text string `json:"/"`
}

// Root names a state.
type Root struct {
	Cid Link `json:"root_cid"`
}

// Bytes is the CID in binary form.
func (l Link) Bytes() []byte {
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.TrimPrefix(l.Text, "b")))
	if err != nil {
		panic(err)
	}
	return b
}

// Read reads the vectors of a file (VECTOR.json, SET.ndjson, SET.ndjson.gz), or of all such files below a folder.
func Read(path string) (all []*Vector, err error) {
	var files []string
	err = filepath.Walk(path, func(file string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && (strings.HasSuffix(file, ".json") || strings.Contains(file, ".ndjson")) {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if raw, err = unpack(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for d := json.NewDecoder(bytes.NewReader(raw)); d.More(); {
			v := &Vector{}
			if err := d.Decode(v); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			if len(v.Pre.Variants) == 0 || len(v.Post.Receipts) != len(v.Messages) {
				return nil, fmt.Errorf("%s: %s has no variant, or not one receipt per message", file, v.Meta.ID)
			}
			if v.Blocks, err = ReadCar(v.Car); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", file, v.Meta.ID, err)
			}
			v.Car = nil
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no vectors in " + path)
	}
	return all, nil
}

func unpack(raw []byte) ([]byte, error) {
	if len(raw) < 2 || raw[0] != 0x1f || raw[1] != 0x8b {
		return raw, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// ReadCar reads the blocks of a CAR file of version 1, packed with gzip or not.
func ReadCar(packed []byte) (map[string][]byte, error) {
	raw, err := unpack(packed)
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
