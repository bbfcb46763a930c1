// math/rand in goroutines, each with a source of its own: seeded from the clock in seconds (NOT safe:
// all start in the same second), or from crypto/rand (safe for few: a source keeps 31 bits of a seed).
//
//	seedbench audit --pool --workers 8 --runs 2 -- go run go_rand.go clock
//	seedbench audit --pool --workers 8 --runs 2 -- go run go_rand.go crypto
package main

import (
	crypto "crypto/rand"
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"
)

func seed(how string) int64 {
	if how == "clock" {
		return time.Now().Unix()
	}
	var bytes [8]byte
	if _, err := crypto.Read(bytes[:]); err != nil {
		panic(err)
	}
	return int64(binary.LittleEndian.Uint64(bytes[:]))
}

func worker(number int, how string, rows chan<- string) {
	rng := rand.New(rand.NewSource(seed(how)))
	var text strings.Builder
	for i := 0; i < 256; i++ {
		fmt.Fprintf(&text, "%d,%d\n", number, rng.Uint64())
	}
	rows <- text.String()
}

func main() {
	workers, err := strconv.Atoi(os.Getenv("SEEDBENCH_WORKERS"))
	if err != nil {
		workers = 8
	}
	rows := make(chan string)
	for number := 0; number < workers; number++ {
		go worker(number, os.Args[1], rows)
	}
	fmt.Println("worker,value")
	for range make([]struct{}, workers) {
		fmt.Print(<-rows)
	}
}
