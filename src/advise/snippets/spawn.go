// One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
// the root. ChaCha20 in full, for the standard library has none: the root is the key, the task the nonce.
package main

import (
	cryptorand "crypto/rand"
	"fmt"
	"math/big"
	"math/bits"
	"math/rand"
	"os"
	"strconv"
)

type taskSource struct {
	input [16]uint32
	block [16]uint32
	used  int
}

// taskRng is the generator of one task: the same root and task give the same numbers anywhere.
func taskRng(root *big.Int, task uint64) *taskSource {
	source := &taskSource{used: 16}
	copy(source.input[:], []uint32{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574})
	mask := big.NewInt(0xffffffff)
	for i := 0; i < 4; i++ {
		word := new(big.Int).Rsh(root, uint(32*i))
		source.input[4+i] = uint32(word.And(word, mask).Uint64())
	}
	source.input[14], source.input[15] = uint32(task), uint32(task>>32)
	return source
}

func (s *taskSource) refill() {
	x := s.input
	quarter := func(a, b, c, d int) {
		x[a] += x[b]
		x[d] = bits.RotateLeft32(x[d]^x[a], 16)
		x[c] += x[d]
		x[b] = bits.RotateLeft32(x[b]^x[c], 12)
		x[a] += x[b]
		x[d] = bits.RotateLeft32(x[d]^x[a], 8)
		x[c] += x[d]
		x[b] = bits.RotateLeft32(x[b]^x[c], 7)
	}
	for round := 0; round < 10; round++ {
		for i := 0; i < 4; i++ {
			quarter(i, 4+i, 8+i, 12+i)
		}
		for i := 0; i < 4; i++ {
			quarter(i, 4+(i+1)%4, 8+(i+2)%4, 12+(i+3)%4)
		}
	}
	for i := range x {
		s.block[i] = x[i] + s.input[i]
	}
	s.used = 0
	s.input[12]++
	if s.input[12] == 0 {
		s.input[13]++
	}
}

// Uint64, Int63 and Seed make it a source of math/rand.
func (s *taskSource) Uint64() uint64 {
	if s.used == 16 {
		s.refill()
	}
	word := uint64(s.block[s.used]) | uint64(s.block[s.used+1])<<32
	s.used += 2
	return word
}
func (s *taskSource) Int63() int64 { return int64(s.Uint64() >> 1) }
func (s *taskSource) Seed(int64)   { panic("the root and the task are the seed") }

func number(name string, fallback uint64) uint64 {
	if value, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
		return value
	}
	return fallback
}

func main() {
	// Draw the root once, in the launcher, log it, and hand it to every worker.
	root, given := new(big.Int).SetString(os.Getenv("SEEDBENCH_SEED"), 10)
	if !given {
		var err error
		if root, err = cryptorand.Int(cryptorand.Reader, new(big.Int).Lsh(big.NewInt(1), 128)); err != nil {
			panic(err)
		}
	}
	fmt.Fprintf(os.Stderr, "SEEDBENCH_SEED=%s\n", root)
	rng := rand.New(taskRng(root, number("SEEDBENCH_WORKER", 0)))
	for word := number("SEEDBENCH_WORDS", 4); word > 0; word-- {
		fmt.Println(rng.Uint64())
	}
}
