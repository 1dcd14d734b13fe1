package journal

import (
	"testing"

	"centralita/firmware/event"
)

// BenchmarkAppend is one loop that says as fast as it can; each record is durable
// at the end.
func BenchmarkAppend(b *testing.B) {
	j := start(b, b.TempDir(), Options{})
	e := &event.CallQueued{Call: 12345, Queue: "ventas"}
	b.ReportAllocs()
	for b.Loop() {
		j.Append(1_234_567, 1_790_000_000_000, e)
	}
	if err := j.Sync(b.Context(), j.Last()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkRecover opens a journal of a million records: every byte verified,
// every record decoded.
func BenchmarkRecover(b *testing.B) {
	const records = 1_000_000
	dir := b.TempDir()
	j := start(b, dir, Options{})
	e := &event.CallQueued{Call: 12345, Queue: "ventas"}
	for range records {
		j.Append(1_234_567, 1_790_000_000_000, e)
	}
	if err := j.stop(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		j, rec, err := Open(dir, Options{Replay: func(r *event.Record) error {
			n++
			_, err := r.Event()
			return err
		}})
		if err != nil || n != records || len(rec.Damage) != 0 {
			b.Fatalf("%d records, %+v, %v", n, rec, err)
		}
		j.Close()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/million")
}

// BenchmarkRead is a follower that begins far behind.
func BenchmarkRead(b *testing.B) {
	j := start(b, b.TempDir(), Options{SegmentBytes: 1 << 20})
	e := &event.CallQueued{Call: 12345, Queue: "ventas"}
	for range 1_000_000 {
		j.Append(1_234_567, 1_790_000_000_000, e)
	}
	if err := j.Sync(b.Context(), j.Last()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := j.Read(0, func(*event.Record) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/million")
}
