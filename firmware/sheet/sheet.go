// Package sheet is a one-page document: a title, facts about it, rows that are each
// found good, bad or unknown, and what to do. It is drawn as text for the serial
// console, as PDF for paper, and given to the page as it is.
//
// A feature makes one in keys of the word catalogue (feature.Paper), a door says it
// in a person's language and hands it out. The package knows no feature and draws
// what it is given.
package sheet

import (
	"strings"

	"centralita/firmware/words"
)

// Say is a text: a key of the word catalogue with its arguments, or without key the
// arguments as they are. Arguments may be "#key" and "@moment" (words.T).
type Say struct {
	Key  string
	Args []string
}

// Plain is text that is the same in every language.
func Plain(s string) Say { return Say{Args: []string{s}} }

// In is the text in a language.
func (s Say) In(lang string) string {
	if s.Key != "" {
		return words.T(lang, s.Key, s.Args...)
	}
	return words.Fill(strings.Repeat("{0}", min(len(s.Args), 1)), words.Resolve(lang, s.Args)...)
}

// Verdict is what a row is found to be.
type Verdict string

// The verdicts.
const (
	Good    Verdict = "good"
	Bad     Verdict = "bad"
	Unknown Verdict = "unknown" // not measured yet
)

// Draft is a sheet before it is said in a language.
type Draft struct {
	Title   Say
	Summary Say
	Verdict Verdict
	Facts   [][2]Say // name and value
	Rows    []DraftRow
}

// DraftRow is one thing that was looked at.
type DraftRow struct {
	ID      string // for machines
	Name    Say
	Values  []Say // joined by commas
	Sure    uint8 // percent
	Verdict Verdict
	Advice  Say // what to do; the zero Say is nothing
}

// Sheet is a draft said in one language.
type Sheet struct {
	Title   string  `json:"title"`
	Summary string  `json:"summary"`
	Verdict Verdict `json:"verdict"`
	Facts   []Fact  `json:"facts"`
	Columns Columns `json:"columns"`
	Rows    []Row   `json:"rows"`
}

// Fact is a line above the rows.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Columns are the headings of the rows.
type Columns struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Sure    string `json:"sure"`
	Verdict string `json:"verdict"`
	Advice  string `json:"advice"`
}

// Row is one thing that was looked at.
type Row struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Value   string  `json:"value"`
	Sure    uint8   `json:"sure"`
	Verdict Verdict `json:"verdict"`
	Says    string  `json:"says"` // the verdict in words
	Advice  string  `json:"advice"`
}

// In says the draft in a language, with further facts of the door's own.
func (d *Draft) In(lang string, more ...[2]Say) Sheet {
	s := Sheet{
		Title: d.Title.In(lang), Summary: d.Summary.In(lang), Verdict: d.Verdict, Facts: []Fact{}, Rows: []Row{},
		Columns: Columns{
			words.T(lang, "sheet.item"), words.T(lang, "sheet.value"), words.T(lang, "sheet.sure"), words.T(lang, "sheet.verdict"), words.T(lang, "sheet.advice"),
		},
	}
	for _, f := range append(d.Facts[:len(d.Facts):len(d.Facts)], more...) {
		if value := f[1].In(lang); value != "" {
			s.Facts = append(s.Facts, Fact{f[0].In(lang), value})
		}
	}
	for _, r := range d.Rows {
		var values []string
		for _, v := range r.Values {
			values = append(values, v.In(lang))
		}
		row := Row{ID: r.ID, Name: r.Name.In(lang), Value: strings.Join(values, ", "), Sure: r.Sure, Verdict: r.Verdict, Says: words.T(lang, "verdict."+string(r.Verdict))}
		if r.Advice.Key != "" {
			row.Advice = r.Advice.In(lang)
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}
