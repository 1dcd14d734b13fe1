package town

import "strings"

// What a called number may do.
const (
	answers    = "answer"
	never      = "never"
	busy       = "busy"
	congestion = "congestion"
	unknown    = "unknown"
)

// rulesMax bounds a line's plan of called numbers.
const rulesMax = 64

// Rule is how called numbers of a pattern behave. A pattern is made of digits, X
// for any digit, and at its end * for any further digits. A number is complete
// as soon as a pattern without * matches it whole and no earlier rule could
// still match; else two seconds after its last digit.
type Rule struct {
	Pattern      string  `json:"pattern"`
	Behaviour    string  `json:"behaviour,omitempty"`      // answer (default), never, busy, congestion, unknown
	AnswerAfterS float64 `json:"answer_after_s,omitempty"` // of ringback; 3 without
	Party                // who speaks when it answers; babble without
}

// rule is a Rule made ready.
type rule struct {
	pattern     string
	behaviour   string
	answerAfter int
	role        *role
}

func (s *studio) rule(r Rule) (rule, error) {
	fixed := strings.TrimSuffix(r.Pattern, "*")
	if r.Pattern == "" || len(r.Pattern) > numberMax || strings.Trim(fixed, "0123456789X#") != "" {
		return rule{}, wrong("bad_pattern", "plan: pattern %q: digits, X for any digit, * at the end for the rest; at most %d", r.Pattern, numberMax)
	}
	switch r.Behaviour {
	case "":
		r.Behaviour = answers
	case answers, never, busy, congestion, unknown:
	default:
		return rule{}, wrong("bad_behaviour", "plan: %s: behaviour %q is not one of answer, never, busy, congestion, unknown", r.Pattern, r.Behaviour)
	}
	if err := inRange("plan: "+r.Pattern+": answer_after_s", r.AnswerAfterS); err != nil {
		return rule{}, err
	}
	if r.AnswerAfterS == 0 {
		r.AnswerAfterS = 3
	}
	if r.Voice == "" && len(r.Script) == 0 {
		r.Voice = "babble"
	}
	who, err := s.prepare(r.Party)
	if err != nil {
		return rule{}, err
	}
	return rule{r.Pattern, r.Behaviour, secondFrames(r.AnswerAfterS), who}, nil
}

// fits holds a number against a pattern: whole tells that it matches, open that
// further digits could make or keep it match.
func fits(pattern string, number []byte) (whole, open bool) {
	fixed, rest := strings.CutSuffix(pattern, "*")
	for i, d := range number {
		if i >= len(fixed) {
			return rest, rest
		}
		if c := fixed[i]; c != d && (c != 'X' || d < '0' || d > '9') {
			return false, false
		}
	}
	return len(number) == len(fixed) || rest && len(number) > len(fixed), rest || len(number) < len(fixed)
}

// lookup finds the rule for a dialled number.
func (s *setup) lookup(number []byte) *rule {
	for i := range s.plan {
		if whole, _ := fits(s.plan[i].pattern, number); whole {
			return &s.plan[i]
		}
	}
	return nil
}

// complete tells whether no further digit is to be waited for.
func (s *setup) complete(number []byte) bool {
	for i := range s.plan {
		switch whole, open := fits(s.plan[i].pattern, number); {
		case whole && !open:
			return true
		case open && !strings.HasSuffix(s.plan[i].pattern, "*"):
			return false
		}
	}
	for _, p := range s.country.plan {
		if whole, _ := fits(p, number); whole {
			return true
		}
	}
	return false
}
