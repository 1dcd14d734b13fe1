package settings

import (
	"strings"
	"unicode/utf8"
)

// problemsMax bounds an answer: nobody mends more at once.
const problemsMax = 100

// Problem is one thing wrong in a document: where, what stands there, why that
// cannot be and what to do. Reason and Remedy are keys of the word catalogue with
// the same Args, the value being {0}. A Warning does not stop a commit.
type Problem struct {
	Path    string
	Value   string
	Reason  string
	Remedy  string
	Args    []string
	Warning bool
}

// Problems is the error of a document that cannot be.
type Problems []Problem

func (ps Problems) Error() string {
	var b strings.Builder
	b.WriteString("settings:")
	for i, p := range ps {
		if i == 8 {
			b.WriteString(" ...")
			break
		}
		if i > 0 {
			b.WriteString(";")
		}
		b.WriteString(" " + p.String())
	}
	return b.String()
}

// String is for logs; doors make sentences by the catalogue.
func (p Problem) String() string {
	return strings.Join(append([]string{p.Path + ":", strings.TrimPrefix(p.Reason, "settings.problem.")}, p.Args...), " ")
}

// Faults are the problems that stop a commit.
func (ps Problems) Faults() Problems {
	var out Problems
	for _, p := range ps {
		if !p.Warning {
			out = append(out, p)
		}
	}
	return out
}

func problem(path, value, code string, args ...string) Problem {
	return Problem{
		Path: path, Value: value,
		Reason: "settings.problem." + code, Remedy: "settings.remedy." + code,
		Args: append([]string{value}, args...),
	}
}

// clip keeps foreign text short enough to be quoted back.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:57]) + "..."
}
