package gate

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// argon2id with 19 MiB, two passes and one lane (RFC 9106; OWASP Password Storage
// Cheat Sheet, second choice): 0.1 s on a laptop, 0.5 s on the box.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	keyLen    = 32
	saltLen   = 16
	// hashingMax is how many hash at once: each takes 19 MiB of a small memory.
	hashingMax = 2
)

func hash(password string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	key := derive(password, salt, passes, memoryKiB, lanes, keyLen)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes, b64(salt), b64(key))
}

// derive gives its memory back to the system at once: left to the collector, a few
// sign-ins would hold more of a small box than everything else in it.
func derive(password string, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
	defer debug.FreeOSMemory()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, length)
}

// parts reads what hash wrote. Parameters of other versions stay verifiable
// within bounds, so that they can be raised later.
func parts(h string) (memory, time uint32, threads uint8, salt, key []byte, err error) {
	f := strings.Split(h, "$")
	var version int
	if len(f) != 6 || f[1] != "argon2id" {
		return 0, 0, 0, nil, nil, fmt.Errorf("gate: no argon2id hash")
	}
	if _, err = fmt.Sscanf(f[2]+" "+f[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &threads); err == nil {
		if salt, err = base64.RawStdEncoding.DecodeString(f[4]); err == nil {
			key, err = base64.RawStdEncoding.DecodeString(f[5])
		}
	}
	if err == nil && (version != argon2.Version || memory > 64*1024 || time < 1 || time > 10 || threads < 1 || threads > 4 || len(key) < 16 || len(key) > 64) {
		err = fmt.Errorf("gate: hash out of bounds")
	}
	return
}

// nobodysHash is verified for names that do not exist, so that time tells nothing.
var nobodysHash = sync.OnceValue(func() string { return hash(oneTimePassword()) })

// verify waits for its turn, then compares.
func (g *Gate) verify(ctx context.Context, h, password string) (bool, error) {
	if err := g.turn(ctx); err != nil {
		return false, err
	}
	defer func() { <-g.hashing }()
	memory, time, threads, salt, key, err := parts(h)
	if err != nil {
		return false, err
	}
	if len(password) > PasswordMax {
		password = "" // still takes its time; no account has it
	}
	got := derive(password, salt, time, memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

func (g *Gate) turn(ctx context.Context) error {
	select {
	case g.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// legible letters and digits: nothing that is taken for another on paper. x stands
// twice to make 32.
const legible = "abcdefghjkmnpqrstuvwxyz23456789x"

// oneTimePassword has 16 signs, about 79 bits, in groups of four.
func oneTimePassword() string {
	var raw [16]byte
	rand.Read(raw[:])
	var b strings.Builder
	for i, r := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(legible[r&31])
	}
	return b.String()
}
