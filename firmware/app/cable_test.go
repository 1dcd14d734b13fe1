package app

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/event"
)

// TestCable: a cable that is out for two looks is told once, and its return; one that
// is in again at the next look is not.
func TestCable(t *testing.T) {
	for name, c := range map[string]struct {
		out  [2]time.Duration // from, until
		want []string
	}{
		"half a minute":  {[2]time.Duration{5 * time.Second, 35 * time.Second}, []string{"+network-cable eth0 8s", "-network-cable 36s"}},
		"a moment":       {[2]time.Duration{5 * time.Second, 7 * time.Second}, nil},
		"from the start": {[2]time.Duration{0, time.Hour}, []string{"+network-cable eth0 2s"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				var told []string
				a := &App{cables: func() []string {
					if at := time.Since(began); at >= c.out[0] && at < c.out[1] {
						return []string{"eth0"}
					}
					return nil
				}}
				a.alarms = newAlarms(func(e event.Event) {
					at := time.Since(began).String()
					switch e := e.(type) {
					case *event.AlarmRaised:
						told = append(told, "+"+e.Key+" "+e.Args[0]+" "+at)
					case *event.AlarmCleared:
						told = append(told, "-"+e.Key+" "+at)
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_ = a.serveCable(ctx)
				if !slices.Equal(told, c.want) {
					t.Errorf("told %v", told)
				}
			})
		})
	}
}
