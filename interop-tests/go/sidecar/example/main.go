// Command example executes the first message of a vector: example ADDRESS VECTOR.json
package main

import (
	"context"
	"fmt"
	"log"
	"math/big"
	"os"

	"fvm.test/interop/sidecar"
	"fvm.test/interop/vectors"
)

// node is a blockstore in memory, and a chain without history.
type node map[string][]byte

func (n node) Get(_ context.Context, cid []byte) ([]byte, error) { return n[string(cid)], nil }
func (n node) Has(_ context.Context, cid []byte) (bool, error)   { return n[string(cid)] != nil, nil }
func (n node) PutMany(_ context.Context, blocks []sidecar.Block) error {
	for _, block := range blocks {
		n[string(block.Cid)] = block.Data
	}
	return nil
}
func (n node) GetChainRandomness(context.Context, int64) (r [32]byte, err error)  { return }
func (n node) GetBeaconRandomness(context.Context, int64) (r [32]byte, err error) { return }
func (n node) TipsetCid(context.Context, int64) ([]byte, error)                   { return nil, sidecar.ErrNoAnswer }
func (n node) VerifyConsensusFault(_ context.Context, _, _, _ []byte) (*sidecar.ConsensusFault, int64) {
	return nil, 0
}

func main() {
	address, path := os.Args[1], os.Args[2]
	read, err := vectors.Read(path)
	if err != nil {
		log.Fatal(err)
	}
	v, message := read[0], read[0].Messages[0]

	client, err := sidecar.ClientOf(address)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	machine, err := client.CreateFVM(&sidecar.FVMOpts{
		Externs: node(v.Blocks), NetworkVersion: v.Pre.Variants[0].NV, Epoch: v.Pre.Variants[0].Epoch, Timestamp: v.Pre.Timestamp,
		ChainID: v.Pre.ChainID, BaseFee: big.NewInt(100), BaseCircSupply: new(big.Int), StateBase: v.Pre.State.Cid.Bytes(),
	})
	if err != nil {
		log.Fatal(err)
	}
	ret, err := machine.ApplyMessage(message.Bytes, uint(message.RawLength))
	if err != nil {
		log.Fatal(err) // no result: execute the tipset again on a new machine
	}
	root, err := machine.Flush()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("exit %d, gas %d, state root %x\n", ret.ExitCode, ret.GasUsed, root)
}
