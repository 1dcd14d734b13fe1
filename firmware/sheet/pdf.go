package sheet

import (
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// The writer of PDF adds 0.5 MB to the program of an arm v7 box; its own fonts are
// in every reader of PDF, so none is carried.

// Colours of the verdicts: red, green and grey that stay apart in print without
// colour, where the words tell them.
var colours = map[Verdict][3]int{Good: {20, 110, 50}, Bad: {180, 20, 20}, Unknown: {110, 110, 110}}

// Widths of the columns in mm; A4 less the margins is 180.
var widths = [5]float64{52, 50, 14, 20, 44}

const (
	margin   = 15.0
	rowLine  = 4.0 // mm
	pageEnd  = 297 - margin
	smallest = 6.0 // pt
)

// PDF writes the sheet as one A4 page. Where it is too long the letters get smaller.
func (s *Sheet) PDF(w io.Writer) error {
	for size := 8.5; ; size -= 0.5 {
		p := fpdf.New("P", "mm", "A4", "")
		end := s.draw(p, size)
		if end <= pageEnd && p.PageCount() == 1 || size <= smallest {
			if err := p.Output(w); err != nil {
				return fmt.Errorf("sheet: pdf: %w", err)
			}
			return nil
		}
	}
}

// draw lays the sheet out and returns where it ends, in mm from the top.
func (s *Sheet) draw(p *fpdf.Fpdf, size float64) float64 {
	latin := p.UnicodeTranslatorFromDescriptor("") // cp1252: the letters of es, it and en
	t := func(text string) string { return latin(strings.NewReplacer("Ω", "ohm", "→", "->").Replace(text)) }
	scale := size / 8.5
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(false, margin)
	p.SetTitle(s.Title, true)
	p.SetCreator("Centralita", true)
	p.AddPage()
	p.SetFont("Helvetica", "B", 16)
	p.CellFormat(0, 9, t(s.Title), "", 1, "L", false, 0, "")
	p.SetFont("Helvetica", "", 9)
	for _, f := range s.Facts {
		p.CellFormat(45, 4.6, t(f.Name), "", 0, "L", false, 0, "")
		p.CellFormat(0, 4.6, t(f.Value), "", 1, "L", false, 0, "")
	}
	p.Ln(2)
	c := colours[s.Verdict]
	p.SetTextColor(c[0], c[1], c[2])
	p.SetFont("Helvetica", "B", 11)
	p.MultiCell(0, 5.2, t(s.Summary), "", "L", false)
	p.SetTextColor(0, 0, 0)
	p.Ln(2)
	p.SetFont("Helvetica", "B", size)
	p.SetFillColor(232, 232, 232)
	for i, head := range [5]string{s.Columns.Name, s.Columns.Value, s.Columns.Sure, s.Columns.Verdict, s.Columns.Advice} {
		p.CellFormat(widths[i], 5.5*scale, t(head), "B", 0, "L", true, 0, "")
	}
	p.Ln(5.5 * scale)
	for _, r := range s.Rows {
		r.draw(p, t, size, rowLine*scale)
	}
	return p.GetY()
}

func (r *Row) draw(p *fpdf.Fpdf, t func(string) string, size, line float64) {
	sure := ""
	if r.Sure > 0 {
		sure = fmt.Sprintf("%d %%", r.Sure)
	}
	cells := [5]string{r.Name, r.Value, sure, r.Says, r.Advice}
	p.SetFont("Helvetica", "", size)
	lines := 1
	for i, text := range cells {
		lines = max(lines, len(p.SplitLines([]byte(t(text)), widths[i])))
	}
	x, y := p.GetXY()
	for i, text := range cells {
		p.SetXY(x, y)
		if i == 3 {
			c := colours[r.Verdict]
			p.SetTextColor(c[0], c[1], c[2])
			p.SetFont("Helvetica", "B", size)
		}
		p.MultiCell(widths[i], line, t(text), "", "L", false)
		p.SetTextColor(0, 0, 0)
		p.SetFont("Helvetica", "", size)
		x += widths[i]
	}
	bottom := y + line*float64(lines) + 0.6
	p.SetDrawColor(210, 210, 210)
	p.Line(margin, bottom, 210-margin, bottom)
	p.SetXY(margin, bottom+0.4)
}
