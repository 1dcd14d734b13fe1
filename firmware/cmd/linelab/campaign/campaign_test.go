package campaign

import (
	"strings"
	"testing"
)

// TestCampaign is the short form of `linelab release`: every country and every kind
// of supervision, with lines that learn. No conversation is cut and no hang-up that
// left a sign is seen late.
func TestCampaign(t *testing.T) {
	const calls = 2
	all, err := Run(Options{
		Countries: strings.Fields("ES IT UK US FR DE MX AR BR"), Calls: calls, Lines: 1, TalkS: 8, Seed: 5,
		Log: func(s string) { t.Error(s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := 9 * len(kinds) * calls
	if all.Conversations != want || all.Cuts != 0 || all.Late != 0 || all.Releases != want*8/9 {
		t.Errorf("%+v of %d calls", all, want)
	}
	t.Logf("%d conversations, %.1f h of talk; released %v after the first sign in the mean", all.Conversations, all.Talked.Hours(), all.Held)
}
