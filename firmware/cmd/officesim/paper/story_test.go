package paper

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// Each story is a txtar archive: the office, what happens, and the transcript
// that was reviewed. After a change run with -update; the diff is the review.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.story")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string][]byte{}
			for _, f := range a.Files {
				part[f.Name] = f.Data
			}
			office := part["office"]
			if len(office) == 0 {
				if office, err = os.ReadFile("testdata/office.yaml"); err != nil {
					t.Fatal(err)
				}
			}
			got, err := Story(office, string(part["input"]))
			if err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			if got == string(part["transcript"]) {
				return
			}
			if !*update {
				t.Fatalf("the transcript changed; got\n%s", got)
			}
			rewrite(t, file, a, got)
		})
	}
}

func rewrite(t *testing.T, file string, a *txtar.Archive, got string) {
	t.Helper()
	files := a.Files[:0]
	for _, f := range a.Files {
		if f.Name != "transcript" {
			files = append(files, f)
		}
	}
	a.Files = append(files, txtar.File{Name: "transcript", Data: []byte(got)})
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
