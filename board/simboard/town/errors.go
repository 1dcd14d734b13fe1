package town

import "fmt"

// Refusal is why a wish was not fulfilled: a code for programs and a sentence
// for people that names the thing.
type Refusal struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (r *Refusal) Error() string { return r.Text }

func wrong(code, format string, args ...any) error {
	return &Refusal{Code: code, Text: fmt.Sprintf(format, args...)}
}
