package wizard_test

import (
	"errors"
	"slices"
	"testing"

	"centralita/firmware/settings"
	"centralita/firmware/wizard"
)

// The address of the box is asked for where the settings set it, and nowhere else.
func TestNetworkIsAskedForWhereItIsSet(t *testing.T) {
	if asked := ask(t, wizard.New(settings.Default("ES"), site), nil); slices.Contains(asked, "network") {
		t.Error("asked for on a computer that has its own")
	}
	own := site
	own.Network = true
	base := settings.Default("ES")
	base.Box.Network = settings.Network{HostName: "sol", Address: "192.168.1.9/24", Gateway: "192.168.1.1", DNS: []string{"9.9.9.9"}}
	i := wizard.New(base, own)
	for {
		q, ok := i.Next()
		if !ok {
			t.Fatal("never asked for")
		}
		if q.ID != "network" {
			i.Keep()
			continue
		}
		if q.Now != "192.168.1.9/24 192.168.1.1 9.9.9.9" {
			t.Error(q.Now)
		}
		break
	}
	for _, wrong := range []string{"192.168.1.10", "router", "192.168.1.10/24 10.0.0.1", "192.168.1.10/24 192.168.1.1 dns"} {
		var problems settings.Problems
		if err := i.Answer(wrong); !errors.As(err, &problems) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := i.Answer("192.168.1.10/24 192.168.1.1 192.168.1.1 1.1.1.1"); err != nil {
		t.Fatal(err)
	}
	if got := i.Tree().Box.Network; got.HostName != "sol" || got.Address != "192.168.1.10/24" || got.Gateway != "192.168.1.1" || !slices.Equal(got.DNS, []string{"192.168.1.1", "1.1.1.1"}) {
		t.Errorf("%+v", got)
	}
	i.Back()
	if err := i.Answer("DHCP"); err != nil {
		t.Fatal(err)
	}
	if got := i.Tree().Box.Network; got.HostName != "sol" || got.Address != "" || got.Gateway != "" || len(got.DNS) != 0 {
		t.Errorf("%+v", got)
	}
	if _, of := i.Place(); of > wizard.Max {
		t.Errorf("%d questions", of)
	}
}
