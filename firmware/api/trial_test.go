package api

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"centralita/firmware/settings"
)

// fakeNetwork is a machine that is reached at a new address when the test says so.
type fakeNetwork struct{ owned, reached bool }

func (n *fakeNetwork) State() NetworkState {
	return NetworkState{Owned: n.owned, HostName: "centralita", Addresses: []string{"192.0.2.7"}, ByDHCP: true}
}

func (n *fakeNetwork) Reached(netip.Addr) bool { return n.reached }

func (f *fixture) set(t *testing.T, words ...string) {
	t.Helper()
	if err := f.repo.Edit(func(t *settings.Tree) error { return settings.Set(t, words...) }); err != nil {
		t.Fatal(err)
	}
}

func (p *person) trialNow() (t Trial) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.says("GET", "/api/v1/settings/trial", "", 200, "")), &t); err != nil {
		p.t.Fatal(err)
	}
	return t
}

func TestANewAddressIsOnTrialAndKeptThere(t *testing.T) {
	f := build(t)
	owner := f.in(t, "owner")
	owner.says("GET", "/api/v1/box/network", "", 200, `"addresses":["192.0.2.7"]`)
	owner.says("POST", "/api/v1/settings/keep", `{}`, 409, "no-trial")
	owner.says("POST", "/api/v1/settings/return", `{}`, 409, "no-trial")
	f.set(t, "box", "network", "address", "192.168.1.10/24")
	owner.says("POST", "/api/v1/settings/commit", `{"note":"fija"}`, 200, `"moves":true,"address":"192.168.1.10"`)
	if got := owner.trialNow(); !got.On || got.Rev != 2 || got.Back != 1 || got.LeftMS <= 290_000 || got.LeftMS > 300_000 {
		t.Errorf("%+v", got)
	}
	owner.says("POST", "/api/v1/settings/keep", `{}`, 409, "keep-elsewhere")
	owner.says("POST", "/api/v1/settings/commit", `{}`, 409, "keep-elsewhere")
	f.set(t, "office", "name", "Luna") // another change from the old address does not keep it either
	owner.says("POST", "/api/v1/settings/commit", `{}`, 200, `"moves":true`)
	f.net.reached = true
	owner.says("POST", "/api/v1/settings/keep", `{}`, 200, `{"rev":3}`)
	if got := owner.trialNow(); got.On {
		t.Errorf("%+v", got)
	}
	f.net.reached = false
	owner.says("POST", "/api/v1/settings/rollback", `{"rev":1}`, 200, `"moves":true,"address":""`)
	owner.says("POST", "/api/v1/settings/return", `{}`, 200, `{"rev":5}`)
	if _, tree, _ := f.repo.Current(); tree.Box.Network.Address != "192.168.1.10/24" || tree.Office.Name != "Luna" {
		t.Errorf("%+v", tree.Box.Network)
	}
}

func TestATrialByWish(t *testing.T) {
	f := build(t)
	owner := f.in(t, "owner")
	f.net.owned = false // the address is the computer's affair: nothing can be lost by it
	f.set(t, "box", "network", "address", "192.168.1.10/24")
	if said := owner.says("POST", "/api/v1/settings/commit", `{}`, 200, `"rev":2`); strings.Contains(said, "trial") {
		t.Error(said)
	}
	f.set(t, "office", "name", "Luna")
	owner.says("POST", "/api/v1/settings/commit", `{"minutes":1441}`, 422, "")
	owner.says("POST", "/api/v1/settings/commit", `{"minutes":3}`, 200, `"moves":false`)
	if got := owner.trialNow(); !got.On || got.LeftMS <= 170_000 || got.LeftMS > 180_000 {
		t.Errorf("%+v", got)
	}
	owner.says("POST", "/api/v1/settings/commit", `{}`, 200, `{"rev":3}`) // a commit of nothing keeps it
	if got := owner.trialNow(); got.On {
		t.Errorf("%+v", got)
	}
	f.in(t, "marta").says("GET", "/api/v1/settings/trial", "", 403, "")
	f.in(t, "marta").says("POST", "/api/v1/settings/keep", `{}`, 403, "")
}
