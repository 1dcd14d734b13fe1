package event

import "centralita/firmware/id"

//msgp:vartuple BoxStarted BoxStopped ClockStepped SettingsCommitted PhoneChanged TrunkChanged TrunkServer LineChanged AlarmRaised AlarmCleared SignedIn SignInRefused SignedOut SecretsShown BoxWell PowerFailed UpdateEnded Woke
// A settings document is at most 1 MiB (settings.Parse).
//msgp:limit arrays:1114112 maps:256

// BoxStarted opens every run of the program: calls that the book still shows are
// ended by it, and due times ask for their wakes again.
type BoxStarted struct {
	Version string `json:"version"`
	Board   string `json:"board"`
}

// BoxStopped is an orderly end.
type BoxStopped struct {
	Why string `json:"why"`
}

// ClockStepped says that the wall clock jumped against the loop's clock.
type ClockStepped struct {
	ByMS int64 `json:"by_ms"`
}

// SettingsCommitted carries the whole tree of the revision, so that the journal
// alone gives the same decisions again. Secrets are in it by name only.
type SettingsCommitted struct {
	Rev  uint64    `json:"rev"`
	Who  id.Person `json:"who"`
	Note string    `json:"note"`
	Doc  []byte    `json:"-"` // YAML, as settings.Parse reads it
}

// PhoneChanged says that a SIP phone is reachable, or no longer.
type PhoneChanged struct {
	Station    id.Station `json:"station"`
	Registered bool       `json:"registered"`
	Contact    string     `json:"contact"`
	Device     string     `json:"device"` // User-Agent
}

// TrunkChanged says that a provider's account is usable, or no longer and why.
type TrunkChanged struct {
	Trunk string `json:"trunk"`
	Up    bool   `json:"up"`
	Text  string `json:"text"` // English, for the trace

	// Why as one word: name, silent, unreachable, busy, credentials, refused, starting,
	// removed; "" while it is up.
	Code    string        `json:"code"`
	Server  string        `json:"server"` // in use
	Servers []TrunkServer `json:"servers"`
}

// TrunkServer is one address of a provider: usable, or why not as Code of
// TrunkChanged.
type TrunkServer struct {
	Addr string `json:"addr"`
	Up   bool   `json:"up"`
	Code string `json:"code"`
}

// LineChanged is the health of an analog port: "ready", "no-battery", "fault",
// "busy-elsewhere" (a parallel set is off-hook); of a handset "off-hook" (it was
// left so), "overload" (more bells than it can ring; Text is how many), and the
// reasons of hal for which a socket does not work: "short", "foreign-voltage" ...
type LineChanged struct {
	Port  id.Port `json:"port"`
	State string  `json:"state"`
	Text  string  `json:"text"`
}

// AlarmRaised begins a lasting condition; Key is unique while it lasts. Text is
// a key of the word catalogue with its arguments in order.
type AlarmRaised struct {
	Key      string   `json:"key"`
	Severity string   `json:"severity"` // critical major minor warning
	Text     string   `json:"text"`
	Args     []string `json:"args"`
}

// AlarmCleared ends it.
type AlarmCleared struct {
	Key string `json:"key"`
}

// SignedIn and its two companions are the door book of people.
type SignedIn struct {
	Who  id.Person `json:"who"`
	From string    `json:"from"`
}

// SecretsShown says that somebody had the passwords of the settings shown.
type SecretsShown struct {
	Who  id.Person `json:"who"`
	From string    `json:"from"`
}

// SignInRefused is a wrong name or password; Who is what was tried, bounded.
type SignInRefused struct {
	Who  id.Person `json:"who"`
	From string    `json:"from"`
}

// SignedOut ends a session.
type SignedOut struct {
	Who id.Person `json:"who"`
}

// BoxWell says that the box was seen to work: SIP answered, sound moved, and this was
// written. It is told when a minute passed with nothing else to write.
type BoxWell struct{}

// PowerFailed says that the supply announced its end, and what was done in the
// milliseconds left is done; Back that it came back after all.
type PowerFailed struct {
	Back bool `json:"back"`
}

// UpdateEnded says how a new version went: "good" it runs and was proved to work,
// "fell-back" the one before runs again, "failed" it could not be written,
// "interrupted" the box ended while it was. Why is a code, Detail what did not answer.
type UpdateEnded struct {
	Version string    `json:"version"`
	From    string    `json:"from"`
	Result  string    `json:"result"`
	Why     string    `json:"why"`
	Detail  string    `json:"detail"`
	Who     id.Person `json:"who"`
}

// Woke means only "look at your due times". It is never written down.
type Woke struct{}

func (*BoxStarted) Kind() string        { return "BoxStarted" }
func (*BoxStopped) Kind() string        { return "BoxStopped" }
func (*ClockStepped) Kind() string      { return "ClockStepped" }
func (*SettingsCommitted) Kind() string { return "SettingsCommitted" }
func (*PhoneChanged) Kind() string      { return "PhoneChanged" }
func (*TrunkChanged) Kind() string      { return "TrunkChanged" }
func (*LineChanged) Kind() string       { return "LineChanged" }
func (*AlarmRaised) Kind() string       { return "AlarmRaised" }
func (*AlarmCleared) Kind() string      { return "AlarmCleared" }
func (*SignedIn) Kind() string          { return "SignedIn" }
func (*SignInRefused) Kind() string     { return "SignInRefused" }
func (*SecretsShown) Kind() string      { return "SecretsShown" }
func (*SignedOut) Kind() string         { return "SignedOut" }
func (*BoxWell) Kind() string           { return "BoxWell" }
func (*PowerFailed) Kind() string       { return "PowerFailed" }
func (*UpdateEnded) Kind() string       { return "UpdateEnded" }
func (*Woke) Kind() string              { return "Woke" }
