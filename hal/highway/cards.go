package highway

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Place is where the bus is among the machine's sound devices.
type Place struct {
	Card    string // its id or name as /proc/asound/cards has it, "tdmlines": numbers change from start to start
	Play    int    // number of the card's PCM device that plays
	Capture int    // and of the one that captures; a card may have both in one
}

func (p Place) String() string { return fmt.Sprintf("sound card %q", p.Card) }

// cardsFile is where the kernel lists its sound cards.
const cardsFile = "/proc/asound/cards"

// cardsMost bounds what is read of it: the kernel has 32 cards of two lines.
const cardsMost = 16 << 10

// sound is one line of the list.
type sound struct {
	number   int
	id, name string
}

// open fulfils card on the machine's own devices.
func (p Place) open(buffer int) (play, capture stream, err error) {
	number, err := p.number()
	if err != nil {
		return nil, nil, err
	}
	out, err := openPCM(fmt.Sprintf("/dev/snd/pcmC%dD%dp", number, p.Play), buffer, false)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", p, err)
	}
	in, err := openPCM(fmt.Sprintf("/dev/snd/pcmC%dD%dc", number, p.Capture), buffer, true)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", p, err), out.close())
	}
	return out, in, nil
}

func (p Place) number() (int, error) {
	f, err := os.Open(cardsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%s: the kernel has no sound: there is no %s", p, cardsFile)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", p, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, cardsMost))
	if err != nil {
		return 0, fmt.Errorf("%s: %s: %w", p, cardsFile, err)
	}
	cards := parseCards(string(text))
	names := make([]string, 0, len(cards))
	for _, c := range cards {
		if c.id == p.Card || c.name == p.Card {
			return c.number, nil
		}
		names = append(names, c.id)
	}
	if len(names) == 0 {
		return 0, fmt.Errorf("%s: there is none; %s is empty", p, cardsFile)
	}
	return 0, fmt.Errorf("%s: there is none; %s has %s", p, cardsFile, strings.Join(names, ", "))
}

// parseCards reads the list: for each card " 0 [id             ]: driver - name" and a
// second line that says where it is. What is not understood is passed over.
func parseCards(text string) (cards []sound) {
	for line := range strings.Lines(text) {
		number, rest, ok := strings.Cut(line, "[")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if !ok || err != nil || n < 0 {
			continue
		}
		id, rest, ok := strings.Cut(rest, "]:")
		if !ok {
			continue
		}
		_, name, _ := strings.Cut(rest, " - ")
		cards = append(cards, sound{n, strings.TrimSpace(id), strings.TrimSpace(name)})
	}
	return cards
}
