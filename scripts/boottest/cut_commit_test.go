package boottest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// commitPart is a cut while settings are put in force.
const commitPart = "commit"

// cutCommit sends a commit and takes the power away at a part of the time that one
// takes, or a little later. What was told by then must be in force afterwards; what was
// not may be, as a whole.
func (u *updateCut) cutCommit(at float64) {
	u.t.Helper()
	if u.commitTook == 0 {
		u.name += " antes"
		u.edit(u.name)
		began := u.m.Worked()
		u.rev = u.putInForce(u.name)
		u.commitTook = u.m.Worked() - began
	}
	next := u.name + " después"
	u.edit(next)
	type answer struct {
		status int
		said   string
	}
	answers := make(chan answer, 1)
	body, err := json.Marshal(map[string]string{"note": next})
	if err != nil {
		u.t.Fatal(err)
	}
	m := u.m
	go func() {
		status, said := u.owner.ask("POST", "settings/commit", "application/json", body)
		answers <- answer{status, said}
	}()
	works(m, part(u.commitTook, at*1.2))
	m.Kill()
	u.cut()
	a := <-answers
	var done struct{ Rev uint64 }
	if a.status == http.StatusOK && json.Unmarshal([]byte(a.said), &done) == nil {
		u.rev, u.name, u.seen = done.Rev, next, " (told)"
		u.told++
		return
	}
	u.maybe = next
}

// settings looks at what is in force, and at the revisions that are kept.
func (u *updateCut) settings(name string) {
	u.t.Helper()
	rev, office, _ := u.inForce()
	if rev < u.rev || office != u.name && (u.maybe == "" || office != u.maybe) {
		u.t.Fatalf("cut %d (%s): revision %d %q was told, %d %q is in force", u.cuts, name, u.rev, u.name, rev, office)
	}
	var kept []struct {
		Rev  uint64
		Note string
	}
	u.get("settings/revisions", &kept)
	if len(kept) == 0 || kept[0].Rev != rev {
		u.t.Fatalf("cut %d (%s): revision %d is in force, the list begins with %v", u.cuts, name, rev, kept)
	}
	has := map[uint64]bool{}
	for _, k := range kept {
		has[k.Rev] = true
	}
	for n := kept[len(kept)-1].Rev; n <= rev; n++ {
		if !has[n] {
			u.t.Fatalf("cut %d (%s): revision %d of %d is gone: %s", u.cuts, name, n, rev, fmt.Sprint(kept))
		}
	}
	u.rev, u.name = rev, office
}
