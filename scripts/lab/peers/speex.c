/* Speex's library of signal processing as the peers program runs it. */
#include <stdlib.h>
#include <string.h>

#include <speex/speex_echo.h>
#include <speex/speex_jitter.h>
#include <speex/speex_preprocess.h>

#include "peers.h"

void speex_echo(int taps, int suppress, const struct sound *far, struct sound *mic)
{
	enum { FRAME = 64 };
	int rate = 8000;
	SpeexEchoState *e = speex_echo_state_init(FRAME, taps);
	SpeexPreprocessState *p = speex_preprocess_state_init(FRAME, rate);
	speex_echo_ctl(e, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
	speex_preprocess_ctl(p, SPEEX_PREPROCESS_SET_ECHO_STATE, e);
	for (int i = 0; i + FRAME <= mic->n && i + FRAME <= far->n; i += FRAME) {
		int16_t out[FRAME];
		speex_echo_cancellation(e, mic->pcm + i, far->pcm + i, out);
		if (suppress)
			speex_preprocess_run(p, out);
		memcpy(mic->pcm + i, out, sizeof out);
	}
	speex_preprocess_state_destroy(p);
	speex_echo_state_destroy(e);
}

struct passage {
	int seq;
	double came;
};

static int earlier(const void *a, const void *b)
{
	double d = ((const struct passage *)a)->came - ((const struct passage *)b)->came;
	return d < 0 ? -1 : d > 0;
}

/* speex_jitter plays a trace of packets of 20 ms, with a packet taken every 20 ms. */
void speex_jitter(const char *trace)
{
	enum { SPAN = 20, MOST = 1 << 20 };
	struct passage *p = calloc(MOST, sizeof *p);
	double sent, came, last = 0;
	int n = 0, seq, next = 0;
	FILE *f = fopen(trace, "r");
	while (f && n < MOST && fscanf(f, "%d %lf %lf", &seq, &sent, &came) == 3)
		if (came >= 0) {
			p[n++] = (struct passage){seq, came};
			last = came > last ? came : last;
		}
	if (f)
		fclose(f);
	qsort(p, n, sizeof *p, earlier);
	JitterBuffer *j = jitter_buffer_init(SPAN);
	char payload[4];
	for (int ms = 0; ms < last + 500; ms += SPAN) {
		for (; next < n && p[next].came <= ms; next++) {
			JitterBufferPacket in = {(char *)&p[next].seq, sizeof(int), (spx_uint32_t)(p[next].seq * SPAN), SPAN, (spx_uint16_t)p[next].seq, 0};
			jitter_buffer_put(j, &in);
		}
		JitterBufferPacket out = {payload, sizeof payload, 0, 0, 0, 0};
		spx_int32_t offset = 0;
		switch (next ? jitter_buffer_get(j, &out, SPAN, &offset) : -9) {
		case JITTER_BUFFER_OK:
			memcpy(&seq, payload, sizeof seq);
			printf("P %d %d\n", ms, seq);
			break;
		case JITTER_BUFFER_MISSING:
			printf("C %d\n", ms);
			break;
		case JITTER_BUFFER_INSERTION:
			printf("I %d\n", ms);
		}
		if (next)
			jitter_buffer_tick(j);
	}
	jitter_buffer_destroy(j);
	free(p);
}
