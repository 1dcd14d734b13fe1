package settings

import (
	"strings"
	"testing"
)

// Completion offers what the checks take.
func TestNextAsksTheChecks(t *testing.T) {
	tree := Default("ES")
	tree.Stations = append(tree.Stations, Station{Extension: "201", SIP: &Phone{Secret: "x"}})
	tree.Trunks = []Trunk{{Name: "p", Server: "sip.example"}}
	for path, want := range map[string]string{
		"office country": "ES IT GB US FR DE MX AR BR|", "office languages": "es it en|", "office languages es": "es it en|", "lines fxo1 echo": "suppress cancel off|",
		"lines fxo1 input_gain": "|-5..5", "lines fxo1 silence": "|1m..1d", "lines fxo1 call_waiting": "true false|", "stations 101 caller_id": "none v23-after-ring",
		"stations 201 sip srtp": "allow off require|", "trunks p transport": "udp tcp tls|", "queues reception ring": "|5s..2m", "queues reception target share": "|0..100",
		"people 101 role": "agent supervisor owner installer|", "guard allow": "out-of-hours national", "office ringing": "external internal queue recall alarm|", "office name": "|text",
		"box sip_dscp": "|0..63", "queues reception agents": "101 102 103 104|", "office ringing queue": "country single long",
	} {
		next, wants := Next(tree, strings.Fields(path)...)
		got := strings.Join(next, " ") + "|" + wants
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
