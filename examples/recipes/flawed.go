// Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"
)

func number(name string) int64 {
	value, _ := strconv.ParseInt(os.Getenv(name), 10, 64)
	return value
}

func main() {
	random := rand.New(rand.NewSource(number("SEEDBENCH_SEED") + number("SEEDBENCH_WORKER")))
	for i := number("SEEDBENCH_WORDS"); i > 0; i-- {
		fmt.Println(random.Float64())
	}
}
