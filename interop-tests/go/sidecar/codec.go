package sidecar

import (
	"fmt"

	"google.golang.org/protobuf/proto"
)

// codec encodes messages by google.golang.org/protobuf, as newer versions of gRPC do by themselves: Debian's still use its predecessor.
type codec struct{}

func (codec) Name() string { return "proto" }

func (codec) Marshal(v interface{}) ([]byte, error) {
	message, ok := v.(proto.Message)
	if !ok {
		return nil, fmt.Errorf("%T is no message", v)
	}
	return proto.Marshal(message)
}

func (codec) Unmarshal(data []byte, v interface{}) error {
	message, ok := v.(proto.Message)
	if !ok {
		return fmt.Errorf("%T is no message", v)
	}
	return proto.Unmarshal(data, message)
}
