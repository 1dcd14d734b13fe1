package settings

import (
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// Duration reads and writes as "15s", "10m", "90d" (days are 24 h).
type Duration time.Duration

// MS is the duration in milliseconds.
func (d Duration) MS() int64 { return time.Duration(d).Milliseconds() }

// Or is d, or def where d is zero.
func (d Duration) Or(def time.Duration) time.Duration {
	if d == 0 {
		return def
	}
	return time.Duration(d)
}

func (d Duration) String() string {
	t := time.Duration(d)
	if day := 24 * time.Hour; t >= day && t%day == 0 {
		return fmt.Sprintf("%dd", t/day)
	}
	if t%time.Minute == 0 && t%time.Hour != 0 {
		return fmt.Sprintf("%dm", t/time.Minute)
	}
	if t%time.Hour == 0 && t != 0 {
		return fmt.Sprintf("%dh", t/time.Hour)
	}
	return t.String()
}

// ParseDuration reads the form of String; negative values are refused.
func ParseDuration(s string) (Duration, error) {
	var days int
	if n, err := fmt.Sscanf(s, "%dd", &days); n == 1 && err == nil && fmt.Sprintf("%dd", days) == s && days >= 0 && days < 36500 {
		return Duration(days) * Duration(24*time.Hour), nil
	}
	t, err := time.ParseDuration(s)
	if err != nil || t < 0 {
		return 0, fmt.Errorf("%q is no duration: write 15s, 10m, 2h or 90d", s)
	}
	return Duration(t), nil
}

// MarshalText and UnmarshalText serve JSON.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String.
func (d *Duration) UnmarshalText(b []byte) (err error) { *d, err = ParseDuration(string(b)); return }

// MarshalYAML writes the form of String.
func (d Duration) MarshalYAML() (any, error) { return d.String(), nil }

// UnmarshalYAML reads the form of String.
func (d *Duration) UnmarshalYAML(n *yaml.Node) (err error) {
	*d, err = ParseDuration(n.Value)
	return
}
