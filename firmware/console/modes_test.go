package console

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/settings"
)

// A trial is told, kept by a second commit, and given up by itself else.
func TestCommitConfirmed(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "boss", "configure", "set office name Luna", "commit confirmed x", "commit confirmed 1441", "commit confirmed 10 try it", "show revisions", "commit", "commit", "show revisions",
		"set office name Mar", "commit confirmed 30s", "commit for good", "compare 1", "compare 2 3", "compare 9"),
		"“confirmed” cannot be “x”", "5s", "In force as revision 2.", "Revision 2 is in force on trial: 1 comes back by itself at",
		"?   2", "try it", "    1", "Revision 2 stays in force.", "There is nothing to commit.", "*   2",
		"In force as revision 3.", "Revision 3 is in force on trial: 2 comes back", "Revision 3 stays in force.",
		"~ office.name: Oficina -> Mar", "~ office.name: Luna -> Mar", "There is no such thing.")
	sees(t, o.types(t, "boss", "configure", "set office name Sol", "commit confirmed 30s", "rollback 3"), "Revision 4 is in force on trial", "In force as revision 5.")
	if _, on := o.repo.Trial(); on {
		t.Error("still on trial")
	}
	if _, tree, _ := o.repo.Current(); tree.Office.Name != "Mar" {
		t.Error(tree.Office.Name)
	}
}

func TestEditUpTop(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "boss", "configure", "edit queues reception max_wait", "up", "up", "edit queues ventas", "set ring 20s", "show ring", "up", "top", "delete queues ventas", "compare"),
		"(settings queues reception max_wait)>", "(settings queues reception)>", "boss(settings)>", "(settings queues ventas)> ", "20s", "boss(settings)>", "There is nothing to commit.")
}

// What one box exports, another one loads: with sockets it has not and passwords it
// does not know told, not refused.
func TestExportAndLoad(t *testing.T) {
	o := build(t)
	o.Secret = func(name string) (string, bool) { w, ok := o.words[name]; return w, ok }
	o.Sockets = func() []string { return []string{"fxo1", "fxo2", "fxs1", "fxs2", "fxs3", "fxs4"} }
	o.Folder, o.Box = t.TempDir()+"/saved", "simboard 1"
	var told []event.Event
	o.Tell = func(e event.Event) { told = append(told, e) }
	screen := o.types(t, "boss", "configure", "set stations 205 sip password geheim-1", "delete lines fxo3", "delete lines fxo4", "delete dial_plan outside 0 through fxo3", "delete dial_plan outside 0 through fxo4", "commit", "export", "save mine", "save ../x", "save", "show files", "exit", "export secrets")
	sees(t, screen, "# Centralita 1, revision 2, box simboard 1", "office:", "secret: phone-205", "Saved as mine.", "is no name for a file", "“name” is missing", "mine", "It contains passwords.", "password: geheim-1")
	if strings.Count(screen, "geheim-1") != 2 { // typed, and asked for
		t.Errorf("the password is on the screen %d times", strings.Count(screen, "geheim-1"))
	}
	if len(told) != 1 || *told[0].(*event.SecretsShown) != (event.SecretsShown{Who: "boss", From: Serial}) {
		t.Errorf("%+v", told)
	}
	secret := after(t, screen, "export secrets\n")
	secret, _, _ = strings.Cut(secret, "boss> ")
	plain, err := os.ReadFile(o.Folder + "/mine.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(settings.Compare(settings.Default("ES"), treeOf(o)))

	small := build(t)
	small.Secret, small.Sockets = o.Secret, func() []string { return []string{"fxo1", "fxs1"} }
	small.Secret = func(name string) (string, bool) { w, ok := small.words[name]; return w, ok }
	screen = small.types(t, "boss", append(append([]string{"configure", "load replace"}, strings.Split(strings.TrimSpace(string(plain)), "\n")...), ".", "compare", "commit")...)
	sees(t, screen, "lines[fxo2]: this box has no socket fxo2", "delete lines fxo2", "stations[102].handset: this box has no socket fxs2", "stations[205].sip.secret: this box does not know the password phone-205. Set it: set stations 205 sip password", "In force as revision 2.")
	if got := fmt.Sprint(settings.Compare(settings.Default("ES"), treeOf(small))); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	// With passwords it is whole.
	if strings.Contains(small.types(t, "boss", append(append([]string{"configure", "load replace"}, strings.Split(strings.TrimSpace(secret), "\n")...), ".", "commit")...), "does not know") || small.words["phone-205"] != "geheim-1" {
		t.Error("the password did not arrive", small.words)
	}
	sees(t, o.types(t, "boss", "configure", "set office name Luna", "load merge mine", "load replace mine", "load merge other", "load soon", "forget mine", "forget mine", "load merge", "queues: {name: reception, ring: 20s}", "\x04", "compare", "load", "office: x", "\x03", "load", "\xff\xfeoffice: x", "."),
		"Read: ", "Read: ", "There is no file “other”", "Say how: load merge", "Done.", "There is no file “mine”", "Read: 1 lines", "~ queues[reception].ring: 15s -> 20s", "Nothing was changed.", "2 bytes came that are no text")
}

func treeOf(o *office) *settings.Tree { _, t, _ := o.repo.Current(); return t }

func after(t *testing.T, text, mark string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, mark)
	if !ok {
		t.Fatalf("%q is not in %s", mark, text)
	}
	return rest
}

// A terminal that is full waits for its person; one that sends ahead, or is none,
// does not.
func TestPages(t *testing.T) {
	o := build(t)
	person, box := io.Pipe()
	answer, seen := io.Pipe()
	defer box.Close()
	s := newSession(t.Context(), o.Console, struct {
		io.Reader
		io.Writer
	}{person, seen}, Local)
	defer s.close()
	lines := strings.Repeat("line\n", 80)
	s.resize(80, 24)
	done := make(chan bool)
	go func() { s.print(lines); s.put("END"); done <- true }()
	page := func(until string) string {
		var b strings.Builder
		one := make([]byte, 1)
		for !strings.HasSuffix(b.String(), until) {
			if _, err := answer.Read(one); err != nil {
				t.Fatal(err, b.String())
			}
			b.Write(one)
		}
		return b.String()
	}
	mark := "-- más: espacio, Intro, q --"
	for _, c := range []struct {
		key string
		n   int
	}{{" ", 23}, {"\r", 23}, {"x\x1b[A ", 1}, {"q", 0}} {
		got := strings.Count(page(mark), "line\r\n")
		if c.n > 0 && got != c.n {
			t.Errorf("%d lines before %q, want %d", got, c.key, c.n)
		}
		if c.key == "q" {
			go fmt.Fprint(box, "q")
			break
		}
		go fmt.Fprint(box, c.key)
		page("\r" + strings.Repeat(" ", len([]rune(mark))) + "\r")
	}
	if rest := page("END"); strings.Contains(rest, "line") {
		t.Errorf("more after q: %q", rest)
	}
	<-done
	s.screen.fresh()
	s.resize(0, 0)
	go func() { s.print(lines); s.put("END"); done <- true }()
	if rest := page("END"); strings.Count(rest, "line") != 80 {
		t.Error("a pipe was made to wait")
	}
	<-done
}

func TestTerminalVerb(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "boss", "terminal length 0", "terminal width 132", "terminal length 2", "terminal", "terminal length x", strings.Repeat("a", 70_000), "show version", "help\x03show version"),
		"Done.", "Done.", "cannot be", "“length” is missing", "cannot be", "The line is longer than 4000 bytes", "Centralita 1", "Centralita 1")
}

// A key costs its echo and no more: at 9600 bit/s a redrawn line is felt.
func TestEchoIsAByteAKey(t *testing.T) {
	o := build(t)
	person, box := io.Pipe()
	defer box.Close()
	out := &counter{}
	done := make(chan error, 1)
	go func() {
		done <- o.Session(t.Context(), struct {
			io.Reader
			io.Writer
		}{person, out}, Local)
	}()
	fmt.Fprint(box, "boss\rboss-palabra\r")
	out.settle(t, "boss> ")
	before := out.n()
	line := `set queues reception ring 20s and some more words to pass the edge of eighty columns of it`
	for _, c := range line {
		fmt.Fprint(box, string(c))
	}
	fmt.Fprint(box, "\r")
	out.settle(t, "boss> ")
	cost := out.n() - before - len(line)
	answer := len("No hay ninguna orden «set», o no está clara. Escriba «?».") + len("\r\n\r\nboss> ")
	if cost > answer+20 {
		t.Errorf("a line of %d bytes cost %d besides its echo", len(line), cost)
	}
	box.Close()
	if err := <-done; !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}
