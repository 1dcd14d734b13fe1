package si3050

import (
	"errors"
	"math"
	"time"

	"centralita/hal/chain"
)

// What no exchange gives, and what the line side must not be left with: voltage at
// rest near the end of its scale of 87 V, and more current than its dc termination
// takes (LCS is all ones above 127 mA). Feeds of 60 V, the highest in the field,
// stay well below with 10 % of measuring error and the exchange's own boost.
const (
	dangerVolts = 80.0
	dangerAmps  = 127.0
	dangerIn    = 100 * time.Millisecond
	// dangerPause before the port is tried again.
	dangerPause = 3 * time.Second
	// dangerLooks of the test of a line, which ringing does not survive.
	dangerLooks = 10
)

var (
	errHighVolts = errors.New("the line has more voltage than any exchange gives: it is connected to something else, or touches a power line")
	errHighAmps  = errors.New("the line gives more current than the port may take: the exchange's feed is broken or it is no telephone line")
)

// dangerous judges voltage at rest and current in a call. A port in danger hangs
// up and leaves service.
func (p *Port) dangerous(volts, milliAmps float64, now time.Time) bool {
	err, is := errHighVolts, math.Abs(volts) >= dangerVolts
	if p.hook.off {
		err, is = errHighAmps, milliAmps >= dangerAmps
	}
	if changed, _ := p.line.danger.see(now, is, dangerIn); !changed || !is {
		return false
	}
	p.hook = hookControl{}
	p.writeHook()
	p.service.Suspend(err, dangerPause, now)
	return true
}

// testLine refuses a line that is dangerous from the start. Ringing makes the
// voltage jump to and fro, so only what stays is judged.
func (p *Port) testLine(wait chain.Pause) error {
	for range dangerLooks {
		if v := int8(p.read(regLVS)); math.Abs(float64(v)) < dangerVolts {
			return nil
		}
		if !wait(chain.Poll) {
			return chain.ErrBus
		}
	}
	return errHighVolts
}
