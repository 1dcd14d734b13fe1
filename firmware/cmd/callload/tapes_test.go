package main

import (
	"encoding/binary"
	"testing"

	"centralita/firmware/cmd/callload/sound"
)

// A recording with a frame cut out of one voice has that frame missing and no
// other.
func TestTapes(t *testing.T) {
	decode := map[byte]int16{}
	for x, c := range codes {
		if c != 0 {
			decode[c] = int16(x)
		}
	}
	const packets = 50
	pcm := make([]byte, 0, packets*sound.Samples*4)
	for n := range uint32(packets) {
		var left, right [sound.Samples]byte
		sound.Fill(&left, 1, n)
		sound.Fill(&right, 2, n)
		for i := range left {
			if n == 20 && i < 80 {
				left[i] = 0xff // silence
			}
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(decode[left[i]]))
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(decode[right[i]]))
		}
	}
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x10\x00data")
	wav := append(binary.LittleEndian.AppendUint32(head, uint32(len(pcm))), pcm...)
	voices, err := channels(wav)
	if err != nil || len(voices) != 2 {
		t.Fatal(len(voices), err)
	}
	for i, want := range []int{1, 0} {
		if heard, lost := wholeness(voices[i], nil); lost != want || heard < 2*packets-1 {
			t.Errorf("voice %d: %d frames, %d lost, want %d lost", i, heard, lost, want)
		}
	}
	if heard, lost := wholeness(voices[0], map[int]uint32{1: 20}); lost != 0 || heard != 40 {
		t.Errorf("the first 20 packets: %d frames, %d lost", heard, lost)
	}
}
