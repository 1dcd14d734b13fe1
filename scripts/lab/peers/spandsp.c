/* spandsp as the peers program runs it. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <spandsp.h>
#include <spandsp/expose.h>

#include "peers.h"

/* Times are those of the end of the block in which something was told. */
enum { BLOCK = 40 };
static int now_ms;

static void digit(void *user, int code, int level, int delay)
{
	if (code)
		printf("D %c %d %d %d\n", code, now_ms, now_ms, level);
}

void spandsp_dtmf(const struct sound *s, const char *country)
{
	dtmf_rx_state_t *d = dtmf_rx_init(NULL, NULL, NULL);
	dtmf_rx_set_realtime_callback(d, digit, NULL);
	for (int i = 0; i < s->n; i += BLOCK) {
		now_ms = (i + BLOCK) / 8;
		dtmf_rx(d, s->pcm + i, BLOCK);
	}
	dtmf_rx_free(d);
}

static void message(void *user, const uint8_t *m, int len)
{
	printf("M %d ", now_ms);
	for (int i = 0; i < len; i++)
		printf("%02x", m[i]);
	printf("\n");
}

/* All standards listen at once, as to a line of which nothing is known; the same
 * message of both modems is told once. */
static char last[1024];

static void once(void *user, const uint8_t *m, int len)
{
	char hex[1024] = "";
	for (int i = 0; i < len && i < 500; i++)
		sprintf(hex + 2 * i, "%02x", m[i]);
	if (strcmp(hex, last))
		message(user, m, len);
	strcpy(last, hex);
}

void spandsp_callerid(const struct sound *s, const char *country)
{
	const int standards[] = {ADSI_STANDARD_CLASS, ADSI_STANDARD_CLIP, ADSI_STANDARD_CLIP_DTMF};
	adsi_rx_state_t *rx[3];
	*last = 0;
	for (int k = 0; k < 3; k++)
		rx[k] = adsi_rx_init(NULL, standards[k], once, NULL);
	for (int i = 0; i < s->n; i += BLOCK) {
		now_ms = (i + BLOCK) / 8;
		for (int k = 0; k < 3; k++)
			adsi_rx(rx[k], s->pcm + i, BLOCK);
	}
	for (int k = 0; k < 3; k++)
		adsi_rx_free(rx[k]);
}

static char names[64][32];

static void tone(void *user, int code, int level, int delay)
{
	if (code >= 0 && code < 64)
		printf("T %d %s\n", now_ms, names[code]);
	else
		printf("T %d -\n", now_ms);
}

/* Plans are files $PLANS/COUNTRY of lines "name hz hz ms hz hz ms ...", 0 for no
 * frequency and for a tone without an end; durations may be 15 % off. */
void spandsp_tones(const struct sound *s, const char *country)
{
	char name[512], line[512], upper[8] = "";
	super_tone_rx_descriptor_t *d = super_tone_rx_make_descriptor(NULL);
	for (int i = 0; i < 7 && country[i]; i++)
		upper[i] = (char)toupper((unsigned char)country[i]);
	snprintf(name, sizeof name, "%s/%s", getenv("PLANS") ? getenv("PLANS") : ".", strcmp(upper, "GB") ? upper : "UK");
	FILE *f = fopen(name, "r");
	if (!f) {
		fprintf(stderr, "peers: no plan %s\n", name);
		exit(1);
	}
	while (fgets(line, sizeof line, f)) {
		int id = super_tone_rx_add_tone(d), a, b, ms, used;
		char *at = line + strcspn(line, " ");
		snprintf(names[id & 63], sizeof names[0], "%.*s", (int)(at - line), line);
		for (; sscanf(at, "%d %d %d%n", &a, &b, &ms, &used) == 3; at += used)
			super_tone_rx_add_element(d, id, a, b, ms ? ms * 85 / 100 : 1000, ms ? ms * 115 / 100 : 0);
	}
	fclose(f);
	super_tone_rx_state_t *rx = super_tone_rx_init(NULL, d, tone, NULL);
	for (int i = 0; i < s->n; i += BLOCK) {
		now_ms = (i + BLOCK) / 8;
		super_tone_rx(rx, s->pcm + i, BLOCK);
	}
	super_tone_rx_free(rx);
	super_tone_rx_free_descriptor(d);
}

static void modem(void *user, int code, int level, int delay)
{
	static const char *words[] = {"", "CNG", "ANS", "ANS/PR", "ANSAM", "ANSAM/PR", "PREAMBLE"};
	if (code > 0 && code < 7)
		printf("T %d fax %s\n", now_ms, words[code]);
}

void spandsp_fax(const struct sound *s, const char *country)
{
	const int kinds[] = {MODEM_CONNECT_TONES_FAX_CNG, MODEM_CONNECT_TONES_FAX_CED_OR_PREAMBLE, MODEM_CONNECT_TONES_ANS_PR};
	modem_connect_tones_rx_state_t *rx[3];
	for (int k = 0; k < 3; k++)
		rx[k] = modem_connect_tones_rx_init(NULL, kinds[k], modem, NULL);
	for (int i = 0; i < s->n; i += BLOCK) {
		now_ms = (i + BLOCK) / 8;
		for (int k = 0; k < 3; k++)
			modem_connect_tones_rx(rx[k], s->pcm + i, BLOCK);
	}
	for (int k = 0; k < 3; k++)
		modem_connect_tones_rx_free(rx[k]);
}

void spandsp_echo(int taps, int suppress, const struct sound *far, struct sound *mic)
{
	int mode = ECHO_CAN_USE_ADAPTION | ECHO_CAN_USE_RX_HPF;
	if (suppress)
		mode |= ECHO_CAN_USE_NLP | ECHO_CAN_USE_CNG;
	echo_can_state_t *ec = echo_can_init(taps, mode);
	for (int i = 0; i < mic->n; i++)
		mic->pcm[i] = echo_can_update(ec, i < far->n ? far->pcm[i] : 0, mic->pcm[i]);
	echo_can_free(ec);
}

void spandsp_conceal(struct sound *s, const char *lost, int packets)
{
	enum { PACKET = 160 };
	plc_state_t *plc = plc_init(NULL);
	for (int p = 0; (p + 1) * PACKET <= s->n; p++) {
		int16_t *pcm = s->pcm + p * PACKET;
		if (p < packets && lost[p] == '1')
			plc_fillin(plc, pcm, PACKET);
		else
			plc_rx(plc, pcm, PACKET);
	}
	plc_free(plc);
}
