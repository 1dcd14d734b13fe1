package event

import "centralita/firmware/id"

//msgp:limit arrays:4096 maps:256
//msgp:vartuple LegMeasured Quality

// LegMeasured is how the sound of a packet leg went, told just before LegEnded. Legs
// that carried no packets tell none.
type LegMeasured struct {
	Leg   id.Leg  `json:"leg"`
	Port  id.Port `json:"port"`
	Sound Quality `json:"sound"`
}

// Quality is how sound goes between the box and one far end. What is heard is the
// far end's sound as it comes here; what the far end hears is by its own reports
// (RTCP). Of a stream that is not known, or not rated, the score is 0.
type Quality struct {
	Codec       string  `json:"codec"`         // PCMU, PCMA, G722, ...
	MS          int64   `json:"ms"`            // since sound was agreed
	RelayedMS   int64   `json:"relayed_ms"`    // of it passed as packets; the rest was mixed
	Sent        int64   `json:"sent"`          // packets
	Received    int64   `json:"received"`      // packets, doubles not counted
	Lost        int64   `json:"lost"`          // packets that never came
	Late        int64   `json:"late"`          // packets that came too late, or found no room, in the play-out buffer
	Burst       float32 `json:"burst"`         // mean length of a gap in packets, 0 without one
	JitterMS    float32 `json:"jitter_ms"`     // interarrival jitter (RFC 3550 A.8), the mean
	JitterMaxMS float32 `json:"jitter_max_ms"` // and the most
	TripMS      float32 `json:"trip_ms"`       // round trip between the box and the far end, the mean; 0 unknown
	TripMaxMS   float32 `json:"trip_max_ms"`   // and the most
	PlayoutMS   int64   `json:"playout_ms"`    // delay of the play-out buffer, 0 where all was relayed
	FarLost     float32 `json:"far_lost"`      // part of our packets that the far end missed, 0..1
	FarJitterMS float32 `json:"far_jitter_ms"` // jitter of our packets there
	R           float32 `json:"r"`             // rating factor of ITU-T G.107 of what is heard
	MOS         float32 `json:"mos"`           // mean opinion score by it, 1..4.5; 0 not rated
	FarMOS      float32 `json:"far_mos"`       // of what the far end hears, likewise
	DelayMS     float32 `json:"delay_ms"`      // estimate of the one way from its mouth to here, by which it is rated
}

// Loss is the part of the sound that was lost or late, 0..1.
func (q Quality) Loss() float32 {
	sent := q.Received + q.Lost
	if sent <= 0 {
		return 0
	}
	return min(1, float32(q.Lost+q.Late)/float32(sent))
}

// Worst is the lower of the two scores that are known, 0 where none is.
func (q Quality) Worst() float32 {
	if q.MOS == 0 || q.FarMOS != 0 && q.FarMOS < q.MOS {
		return q.FarMOS
	}
	return q.MOS
}

// Where a score begins to be good, and fair; below it is poor. By ITU-T G.109 users are
// satisfied from R = 80 on, and nearly all are dissatisfied below R = 60.
const (
	GoodMOS = 4.0
	FairMOS = 3.1
)

// QualityWord is good, fair or poor, "" where a score is not known.
func QualityWord(mos float32) string {
	switch {
	case mos == 0:
		return ""
	case mos >= GoodMOS:
		return "good"
	case mos >= FairMOS:
		return "fair"
	}
	return "poor"
}

func (*LegMeasured) Kind() string { return "LegMeasured" }
