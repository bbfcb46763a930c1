// What Go draws after a seed of 7: a line each, "name<TAB>draws".
package main

import (
	"encoding/binary"
	"fmt"
	v1 "math/rand"
	v2 "math/rand/v2"
)

func say(name string, n int, draw func() any) {
	fmt.Print(name, "\t")
	for i := 0; i < n; i++ {
		if i > 0 {
			fmt.Print(" ")
		}
		fmt.Print(draw())
	}
	fmt.Println()
}

func source2(name string, of func() v2.Source) {
	a, b, c, d, e := v2.New(of()), v2.New(of()), v2.New(of()), v2.New(of()), v2.New(of())
	say(name+" Uint64", 24, func() any { return a.Uint64() })
	say(name+" Float64", 24, func() any { return b.Float64() })
	say(name+" IntN 6", 48, func() any { return c.IntN(6) })
	say(name+" IntN 1000", 24, func() any { return d.IntN(1000) })
	say(name+" NormFloat64", 16, func() any { return e.NormFloat64() })
	f, g := v2.New(of()), v2.New(of())
	say(name+" Int32", 24, func() any { return f.Int32() })
	say(name+" Uint32", 24, func() any { return g.Uint32() })
}

func main() {
	of := func() *v1.Rand { return v1.New(v1.NewSource(7)) }
	a, b, c, d, e := of(), of(), of(), of(), of()
	say("go Float64", 16, func() any { return a.Float64() })
	say("go Intn 6", 48, func() any { return b.Intn(6) })
	say("go Intn 1000", 16, func() any { return c.Intn(1000) })
	say("go NormFloat64", 12, func() any { return d.NormFloat64() })
	say("go Int63n 1000", 16, func() any { return e.Int63n(1000) })
	source2("go v2 PCG(k, 0)", func() v2.Source { return v2.NewPCG(7, 0) })
	source2("go v2 PCG(0, k)", func() v2.Source { return v2.NewPCG(0, 7) })
	source2("go v2 PCG(k, k)", func() v2.Source { return v2.NewPCG(7, 7) })
	source2("go v2 ChaCha8(k)", func() v2.Source {
		var seed [32]byte
		binary.LittleEndian.PutUint64(seed[:], 7)
		return v2.NewChaCha8(seed)
	})
}
