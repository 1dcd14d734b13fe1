package settings

import (
	"fmt"
	"slices"
)

// Codecs are the words for how sound is written in packets: both laws of G.711,
// G.722, and Opus, which is passed between two ends that speak it.
func Codecs() []string { return []string{"pcma", "pcmu", "g722", "opus"} }

// codecs checks a list of them. One that is of Opus alone would have a telephone
// speak with nobody but its like.
func (v *validator) codecs(at string, list []string) {
	for i, c := range list {
		path := fmt.Sprintf("%s[%d]", at, i)
		v.oneOf(path, c, Codecs()...)
		if slices.Contains(list[:i], c) {
			v.add(path, c, "twice", c)
		}
	}
	if len(list) == 1 && list[0] == "opus" {
		v.add(at, "opus", "opus-alone")
	}
}
