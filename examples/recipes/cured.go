// AES in counter mode as the source, keyed by a hash of root and rank. (From Go 1.22 on, rand.NewChaCha8 of
// math/rand/v2 takes the hash as it is.)
package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"strconv"
)

type keyed struct{ stream cipher.Stream }

func (source keyed) Uint64() uint64 {
	var word [8]byte
	source.stream.XORKeyStream(word[:], word[:])
	return binary.LittleEndian.Uint64(word[:])
}
func (source keyed) Int63() int64 { return int64(source.Uint64() >> 1) }
func (source keyed) Seed(int64)   {}

func main() {
	key := sha256.Sum256([]byte(os.Getenv("SEEDBENCH_SEED") + "/" + os.Getenv("SEEDBENCH_WORKER")))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	random := rand.New(keyed{cipher.NewCTR(block, make([]byte, aes.BlockSize))})
	words, _ := strconv.Atoi(os.Getenv("SEEDBENCH_WORDS"))
	for i := 0; i < words; i++ {
		fmt.Println(random.Float64())
	}
}
