package api

import (
	"encoding/json"

	"centralita/firmware/id"
)

// Refused is the body of every answer that is a no.
type Refused struct {
	Code   string  `json:"code" doc:"for machines"`
	Text   string  `json:"text" doc:"a sentence in the person's language"`
	Fields []Field `json:"fields,omitempty"`
}

// Field is one value that cannot be.
type Field struct {
	Path    string `json:"path"`
	Value   string `json:"value"`
	Reason  string `json:"reason"`
	Remedy  string `json:"remedy"`
	Warning bool   `json:"warning,omitempty"`
}

// Done answers a command: the stream has shown its effect when it reached Seq.
type Done struct {
	Seq uint64 `json:"seq"`
}

// View is the envelope of every view; At and Wall are of one moment.
type View struct {
	Seq  uint64 `json:"seq"`
	At   int64  `json:"at"`
	Wall int64  `json:"wall"`
	Data any    `json:"data"`
}

// SignIn is what a person types.
type SignIn struct {
	User     string `json:"user" maxLength:"64"`
	Password string `json:"password" maxLength:"128"`
}

// Signed is who is signed in.
type Signed struct {
	Person     id.Person `json:"person"`
	Label      string    `json:"label"`
	Role       string    `json:"role"`
	Language   string    `json:"language"`
	MustChange bool      `json:"must_change"`
}

// NewPassword changes the own password.
type NewPassword struct {
	Old string `json:"old" maxLength:"128"`
	New string `json:"new" maxLength:"128"`
}

// GivenPassword sets another's.
type GivenPassword struct {
	Password string `json:"password" maxLength:"128"`
}

// Language chooses the tongue of the session's person.
type Language struct {
	Language string `json:"language" maxLength:"8"`
}

// CallQuery asks for calls before one, newest first.
type CallQuery struct {
	Before id.Call // 0: from the newest
	Limit  int     // 1..200
	Text   string  // in number, name, agent; "" all
}

// CallPage is a stretch of the call list.
type CallPage struct {
	Calls []CallRow `json:"calls"`
	More  bool      `json:"more"`
}

// CallRow is one ended or running call.
type CallRow struct {
	Call      id.Call    `json:"call"`
	Direction string     `json:"direction"`
	BeganWall int64      `json:"began_wall"`
	From      string     `json:"from"`
	Name      string     `json:"name"`
	To        string     `json:"to"`
	Port      string     `json:"port"`
	Queue     string     `json:"queue"`
	Agent     string     `json:"agent"`
	Station   string     `json:"station"`
	WaitMS    int64      `json:"wait_ms"`
	TalkMS    int64      `json:"talk_ms"`
	HeldMS    int64      `json:"held_ms"`
	Cause     string     `json:"cause"`
	SIP       int64      `json:"sip"`  // status that ended it, 0 none
	Q850      int64      `json:"q850"` // cause value of ITU-T Q.850
	Answered  bool       `json:"answered"`
	Recording *Recording `json:"recording"`

	Quality *CallQuality `json:"quality" doc:"how its worst end sounded; none where no end speaks in packets"`
}

// CallQuality is how a call sounded at its worst end, in its worse direction; the
// events LegMeasured of the story tell it of every end.
type CallQuality struct {
	MOS       float64 `json:"mos" doc:"mean opinion score by ITU-T G.107, 1 to 4.5"`
	Word      string  `json:"word" doc:"good from 4.0, fair from 3.1, else poor"`
	Loss      float64 `json:"loss" doc:"part of the sound lost or late, 0 to 1"`
	JitterMS  float64 `json:"jitter_ms" doc:"interarrival jitter of RFC 3550"`
	TripMS    float64 `json:"trip_ms" doc:"round trip between the box and that end, 0 unknown"`
	DelayMS   float64 `json:"delay_ms" doc:"from mouth to ear, estimated"`
	SoundMS   int64   `json:"sound_ms"`
	RelayedMS int64   `json:"relayed_ms" doc:"of it passed as packets from socket to socket; the rest was mixed"`
}

// Recording is a call's sound; State is "running", "ready", "damaged" or "gone".
type Recording struct {
	File  string `json:"file"`
	MS    int64  `json:"ms"`
	State string `json:"state"`
}

// CallStory is a call with all that was recorded of it.
type CallStory struct {
	CallRow
	Events []Told `json:"events"`
}

// Told is one record as doors show it.
type Told struct {
	Seq  uint64          `json:"seq,omitempty"`
	At   int64           `json:"at"`
	Wall int64           `json:"wall"`
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// Peaks draw both sides of a recording: lowest and highest of each column.
type Peaks struct {
	MS    int64     `json:"ms"`
	Left  [][2]int8 `json:"left"`
	Right [][2]int8 `json:"right"`
}

// About says what runs here.
type About struct {
	Version  string            `json:"version"`
	Go       string            `json:"go"`
	Board    string            `json:"board"`
	Serial   string            `json:"serial"`
	Sounds   map[string]string `json:"sounds"`
	Licences []Licence         `json:"licences"`
	Features []string          `json:"features"`
}

// Licence is owed to somebody.
type Licence struct {
	Name    string `json:"name"`
	Licence string `json:"licence"`
	Text    string `json:"text,omitempty"`
}

// Front is the box's face.
type Front struct {
	Name  string            `json:"name"`
	Lamps map[string]string `json:"lamps"`
	Ports []FrontPort       `json:"ports"`
}

// FrontPort is one socket; Status is what its chip says.
type FrontPort struct {
	Port   string `json:"port"`
	Kind   string `json:"kind"`
	Status any    `json:"status"`
}

// Button is a press on the simulated front.
type Button struct {
	Button string `json:"button" maxLength:"32"`
	HeldMS int64  `json:"held_ms" minimum:"0" maximum:"60000"`
}
