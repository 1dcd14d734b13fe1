package sheet

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
)

func long(rows int) Sheet {
	s := Sheet{Title: "Certificado de la línea fxo3", Summary: "Está en orden: ñandú, perché, è.", Verdict: Good, Facts: []Fact{{"Oficina", "Clínica Peñón"}},
		Columns: Columns{"Medida", "Valor", "Certeza", "Juicio", "Qué hacer"}}
	for range rows {
		s.Rows = append(s.Rows, Row{Name: "pérdida de retorno del eco", Value: "19 dB, 270 Ω", Sure: 90, Verdict: Bad, Says: "mal",
			Advice: "Repetir la prueba guiada; quitar aparatos en paralelo y revisar el cable."})
	}
	return s
}

// text takes the shown text out of a PDF's compressed pages.
func text(t *testing.T, pdf []byte) (all string, pages int) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`).FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range regexp.MustCompile(`\(((?:\\.|[^\\)])*)\) ?Tj`).FindAllSubmatch(b, -1) {
			all += latin1(s[1]) + "\n"
		}
	}
	return all, strings.Count(string(pdf), "/Type /Page\n")
}

// latin1 reads bytes of cp1252 as far as they are Latin-1.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// One page, with every accent, also where there is much to say.
func TestPDF(t *testing.T) {
	for _, rows := range []int{0, 5, 19, 26} {
		s := long(rows)
		var b bytes.Buffer
		if err := s.PDF(&b); err != nil {
			t.Fatal(err)
		}
		got, pages := text(t, b.Bytes())
		if pages != 1 {
			t.Errorf("%d rows make %d pages", rows, pages)
		}
		for _, want := range []string{"Certificado de la línea fxo3", "Clínica Peñón", "ñandú, perché, è.", "Qué hacer"} {
			if !strings.Contains(got, want) {
				t.Errorf("%d rows: no %q in the page's text:\n%s", rows, want, got)
			}
		}
		if rows > 0 && !strings.Contains(got, "19 dB, 270 ohm") {
			t.Error("a sign that the font lacks was lost")
		}
	}
}

// No line is wider than a terminal.
func TestText(t *testing.T) {
	s := long(3)
	for line := range strings.Lines(s.Text()) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
