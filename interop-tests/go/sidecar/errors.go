package sidecar

import (
	"errors"
	"fmt"
	"strings"

	fvmv1 "fvm.test/interop/protocol/fvm/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// ErrNoAnswer, returned or wrapped by an extern, means that the chain has no answer: the message ends with exit code 10, as with the reference. Any
// other error of an extern is taken for a failure of the node, and the message has no result.
var ErrNoAnswer = errors.New("the chain has no answer")

// Error is a failure of a call. Its gRPC code is that of status.Code: codes.Unavailable if the server is away, at once when its process ends.
type Error struct {
	Code    codes.Code
	Reason  fvmv1.ErrorReason
	Subject string // such as the path of a field; empty if nothing single
	Message string // for people
	// MessageIndex is that of the message at which a run broke off; -1 if it was none.
	MessageIndex int
}

func (e *Error) Error() string { return fmt.Sprintf("sidecar: %s (%s)", e.Message, e.Code) }

// GRPCStatus is the error for package status.
func (e *Error) GRPCStatus() *status.Status { return status.New(e.Code, e.Message) }

// errorOf reads the status of a stream or a unary call.
func errorOf(err error) error {
	if err == nil {
		return nil
	}
	s := status.Convert(err)
	failed := &Error{Code: s.Code(), Message: s.Message(), MessageIndex: -1}
	for _, packed := range s.Proto().GetDetails() {
		detail := &fvmv1.ErrorDetail{}
		if strings.HasSuffix(packed.GetTypeUrl(), "/fvm.v1.ErrorDetail") && proto.Unmarshal(packed.GetValue(), detail) == nil {
			failed.Reason, failed.Subject = detail.Reason, detail.Subject
		}
	}
	return failed
}

func errorOfCall(e *fvmv1.CallError) error {
	detail := e.GetDetail()
	failed := &Error{Code: codes.Code(e.Code), Reason: detail.GetReason(), Subject: detail.GetSubject(), Message: e.Message, MessageIndex: -1}
	if detail != nil && detail.MessageIndex != nil {
		failed.MessageIndex = int(*detail.MessageIndex)
	}
	return failed
}
