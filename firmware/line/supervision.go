package line

// Counts of how well releases are judged: folded by firmware/line/release into
// what a line's signs are worth and how often it was cut or held. They stand beside
// the table and not on a certificate. Of the lists below each item ends with the
// name of a sign.
const (
	ReleaseSIT     = "release.sit"      // special information tone, after the first sign
	ReleaseTalk    = "release.talk"     // talk in which signs were watched for
	ReleaseHeld    = "release.held"     // from the first sign to the release
	ReleaseCut     = "release.cut"      // the far end of a released call called again so soon after
	ReleaseCutSaid = "release.cut-said" // somebody said that the call was cut
	ReleaseMissed  = "release.missed."  // the sign did not come at a true release
	ReleaseFalse   = "release.false."   // the sign came, and the far end talked on; how long it lasted
	ReleaseRevoked = "release.revoked." // the sign had released a call that was cut
)

// Signs are the names of the signs of a release.
var Signs = []string{"loop-break", "polarity", "current-drop", "busy", "congestion", "dial-tone", "sit", "silence"}

var counts = func() []Item {
	c := []Item{
		{ReleaseSIT, "ms", 0, 60_000, 1000},
		{ReleaseTalk, "s", 0, 1e6, 60},
		{ReleaseHeld, "s", 0, 1e5, 5},
		{ReleaseCut, "s", 0, 3600, 60},
		{ReleaseCutSaid, "s", 0, 1e6, 60},
	}
	for _, s := range Signs {
		c = append(c, Item{ReleaseMissed + s, "ms", 0, 1e7, 1000}, Item{ReleaseFalse + s, "ms", 0, 1e7, 1000},
			Item{ReleaseRevoked + s, "ms", 0, 1e7, 1000})
	}
	return c
}()
