/* What the wrappers of other projects' libraries share: see main.c. */
#include <stdint.h>
#include <stdio.h>

struct sound {
	int16_t *pcm;
	int n;
};

/* load reads raw samples, with room of a second behind them; it ends the program
 * where it cannot. */
struct sound load(const char *name);
void save(const char *name, const int16_t *pcm, int n);

/* Each prints of one sound what linelab prints, and "# name seconds" is printed by
 * the caller. */
typedef void hear_fn(const struct sound *s, const char *country);
hear_fn spandsp_dtmf, spandsp_callerid, spandsp_tones, spandsp_fax;

void spandsp_echo(int taps, int suppress, const struct sound *far, struct sound *mic);
void spandsp_conceal(struct sound *s, const char *lost, int packets);
void speex_echo(int taps, int suppress, const struct sound *far, struct sound *mic);
void speex_jitter(const char *trace);
