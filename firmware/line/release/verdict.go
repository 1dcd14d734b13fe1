package release

import (
	"fmt"
	"strings"
	"time"
)

// Sign is a witness as it was in a call.
type Sign struct {
	Witness Witness
	Began   time.Duration // since the call was answered
	Lasted  time.Duration // until it ended or the line was released
	Weight  float64
	DBm0    float32 // of a tone
}

func (m *mark) sign(w Witness, at time.Duration) Sign {
	return Sign{Witness: w, Began: m.began, Lasted: m.lasted(at), Weight: m.weight, DBm0: m.dBm0}
}

// Verdict says that the far end has gone, and why.
type Verdict struct {
	At      time.Duration
	Because Witness // what weighed most
	Score   float64
	Signs   []Sign // heaviest first is Because; in the order of Witness
}

func (j *Judge) verdict(at time.Duration, score float64) Verdict {
	v := Verdict{At: at, Score: score, Signs: j.standing(at)}
	most := 0.0
	for _, s := range v.Signs {
		if s.Weight > most {
			most, v.Because = s.Weight, s.Witness
		}
	}
	return v
}

func (j *Judge) standing(at time.Duration) (signs []Sign) {
	for w := range j.marks {
		if j.marks[w].told {
			signs = append(signs, j.marks[w].sign(Witness(w), at))
		}
	}
	return signs
}

// String explains in plain words: "busy tone for 3.2 s (weight 4.9), 4.1 of 4.0".
func (v Verdict) String() string {
	var b strings.Builder
	for _, s := range v.Signs {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(s.Witness.Words())
		if s.Lasted > 0 {
			fmt.Fprintf(&b, " for %s", seconds(s.Lasted))
		}
		fmt.Fprintf(&b, " (weight %.1f)", s.Weight)
	}
	fmt.Fprintf(&b, "; certainty %.1f of %.1f", v.Score, Certain)
	return b.String()
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
