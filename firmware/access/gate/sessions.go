package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"time"

	"centralita/firmware/id"
)

// keepEvery is how far the file may lag behind a session's signs of life; a
// restart forgets at most this much of them.
const keepEvery = time.Hour

// kept is an open session in the file: never its secret, only the hash by which
// it is found. Role and name are the accounts' and settings' at every look.
type kept struct {
	Key    string    `json:"key"` // SHA-256 of the secret
	Person id.Person `json:"person"`
	From   string    `json:"from"`
	Seen   time.Time `json:"seen"`
}

// keep writes the open sessions; mu is held. It neither waits for the disk nor
// tells of a failure: what is lost costs a person one sign-in after the next
// start.
func (g *Gate) keep() {
	if g.opt.Sessions == "" {
		return
	}
	all := make([]kept, 0, len(g.sessions))
	for key, o := range g.sessions {
		o.kept = o.seen
		all = append(all, kept{hex.EncodeToString(key[:]), o.Person, o.From, o.seen})
	}
	data, err := json.Marshal(all)
	if err != nil {
		return
	}
	tmp := g.opt.Sessions + ".new"
	if os.WriteFile(tmp, data, 0o600) == nil {
		_ = os.Rename(tmp, g.opt.Sessions)
	}
}

// recall opens the sessions of the run before, of those who still have an
// account; Who asks for their role, and forgets the idle ones. An unreadable file is as good as none.
func (g *Gate) recall() {
	if g.opt.Sessions == "" {
		return
	}
	f, err := os.Open(g.opt.Sessions)
	if err != nil {
		return
	}
	defer f.Close()
	var all []kept
	if json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&all) != nil || len(all) > sessionsMax {
		return
	}
	for _, k := range all {
		s := Session{Person: k.Person, From: k.From}
		if _, ok := g.accounts[k.Person]; !ok || hex.DecodedLen(len(k.Key)) != sha256.Size {
			continue
		}
		if _, err := hex.Decode(s.key[:], []byte(k.Key)); err == nil {
			g.sessions[s.key] = &open{s, k.Seen, k.Seen}
		}
	}
}
