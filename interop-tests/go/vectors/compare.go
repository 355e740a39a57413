package vectors

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// Result is the result of a message, as far as a client learns it.
type Result struct {
	ExitCode, GasUsed  uint64
	Return, EventsRoot []byte
	Failure            string // for people
	Beyond             *Beyond
}

// Beyond is what a client may learn beyond the receipt.
type Beyond struct {
	MinerPenalty, MinerTip, BaseFeeBurn, OverEstimationBurn, Refund string
	GasRefund, GasBurned                                            uint64
	// Events is a CBOR array; empty for no events.
	Events []byte
	// TraceLength and TraceDigest (in hexadecimal) are not compared if the digest is empty.
	TraceLength uint64
	TraceDigest string
	// FaultChecked: the message had a consensus fault checked. The recorder of fvm 4's vectors traces the charge for that as computation, fvm's own
	// kernel as the rest, so that the digests differ.
	FaultChecked bool
}

// Compare tells the first difference between the result of message i and the vector's.
func (v *Vector) Compare(i int, got Result) error {
	receipt := v.Post.Receipts[i]
	var wantRoot []byte
	if receipt.EventsRoot != nil {
		wantRoot = receipt.EventsRoot.Bytes()
	}
	type pair struct {
		field     string
		got, want interface{}
	}
	pairs := []pair{
		{"exit code", got.ExitCode, receipt.ExitCode},
		{"gas", got.GasUsed, receipt.GasUsed},
		{"return", fmt.Sprintf("%x", got.Return), fmt.Sprintf("%x", receipt.Return)},
		{"events root", fmt.Sprintf("%x", got.EventsRoot), fmt.Sprintf("%x", wantRoot)},
	}
	if b := got.Beyond; b != nil && len(v.Post.Rets) > 0 {
		want := v.Post.Rets[i]
		events, err := eventsCbor(want.Events)
		if err != nil {
			return fmt.Errorf("%s: message %d: %w", v.Meta.ID, i, err)
		}
		pairs = append(pairs,
			pair{"penalty", b.MinerPenalty, want.MinerPenalty}, pair{"tip", b.MinerTip, want.MinerTip},
			pair{"base fee burn", b.BaseFeeBurn, want.BaseFeeBurn}, pair{"overestimation burn", b.OverEstimationBurn, want.OverEstimationBurn},
			pair{"refund", b.Refund, want.Refund}, pair{"gas refund", b.GasRefund, want.GasRefund},
			pair{"gas burned", b.GasBurned, want.GasBurned}, pair{"events", fmt.Sprintf("%x", b.Events), fmt.Sprintf("%x", events)})
		if b.TraceDigest != "" && want.TraceDigest != "" {
			pairs = append(pairs, pair{"trace length", b.TraceLength, want.TraceLength})
			if !b.FaultChecked {
				pairs = append(pairs, pair{"trace digest", b.TraceDigest, want.TraceDigest})
			}
		}
	}
	for _, p := range pairs {
		if p.got != p.want {
			return fmt.Errorf("%s: message %d: %s %v, not %v (%s)", v.Meta.ID, i, p.field, p.got, p.want, got.Failure)
		}
	}
	return nil
}

// CompareRoot tells whether the state root after the last message differs.
func (v *Vector) CompareRoot(got []byte) error {
	if want := v.Post.State.Cid.Bytes(); !bytes.Equal(got, want) {
		return fmt.Errorf("%s: state root %x, not %x", v.Meta.ID, got, want)
	}
	return nil
}

// eventsCbor is the form in which the machine hands events over: nothing if there are none.
func eventsCbor(events []Event) (b []byte, err error) {
	if len(events) == 0 {
		return nil, nil
	}
	b = head(b, 4, uint64(len(events)))
	for _, event := range events {
		b = head(head(head(b, 4, 2), 0, event.Emitter), 4, uint64(len(event.Entries)))
		for _, raw := range event.Entries {
			var flags, codec uint64
			var key, text string
			if err = json.Unmarshal(raw, &[]interface{}{&flags, &key, &codec, &text}); err != nil {
				return nil, err
			}
			value, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, err
			}
			b = head(head(b, 4, 4), 0, flags)
			b = append(head(b, 3, uint64(len(key))), key...)
			b = append(head(head(b, 0, codec), 2, uint64(len(value))), value...)
		}
	}
	return b, nil
}

// head appends the head of a CBOR item in its shortest form.
func head(b []byte, kind byte, n uint64) []byte {
	kind <<= 5
	switch {
	case n < 24:
		return append(b, kind|byte(n))
	case n < 1<<8:
		return append(b, kind|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, kind|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, kind|26), uint32(n))
	default:
		return binary.BigEndian.AppendUint64(append(b, kind|27), n)
	}
}
