/* peers does with other projects' libraries what linelab does with the box's own, in
 * the same form of command and of output, so that one scorer judges both:
 *   peers spandsp|speex dtmf|callerid|tones|fax|echo|conceal|jitter [options] FILE...
 * Only `make lab` with LABFLAGS=-peers compiles it; the box is not linked with it. */
#include <stdlib.h>
#include <string.h>

#include "peers.h"

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "peers: %s %s\n", what, name);
	exit(1);
}

struct sound load(const char *name)
{
	struct sound s = {0};
	FILE *f = fopen(name, "rb");
	if (!f || fseek(f, 0, SEEK_END))
		fail("cannot read", name);
	s.n = (int)(ftell(f) / 2);
	rewind(f);
	s.pcm = calloc((size_t)s.n + 8000, 2);
	if (!s.pcm || fread(s.pcm, 2, (size_t)s.n, f) != (size_t)s.n)
		fail("cannot read", name);
	fclose(f);
	return s;
}

void save(const char *name, const int16_t *pcm, int n)
{
	FILE *f = fopen(name, "wb");
	if (!f || fwrite(pcm, 2, (size_t)n, f) != (size_t)n || fclose(f))
		fail("cannot write", name);
}

static struct {
	const char *country;
	int taps, suppress;
} options = {"ES", 256, 0};

/* parse takes linelab's options; what a library has nothing like is passed over. */
static char **parse(char **a)
{
	for (; *a && **a == '-'; a++) {
		if (!strcmp(*a, "-nlp")) {
			options.suppress = 1;
			continue;
		}
		if (!a[1])
			fail("no value for", *a);
		if (!strcmp(*a, "-taps"))
			options.taps = atoi(a[1]);
		if (!strcmp(*a, "-country"))
			options.country = a[1];
		a++;
	}
	return a;
}

static void each(char **names, hear_fn *hear)
{
	for (; *names; names++) {
		struct sound s = load(*names);
		printf("# %s %.3f\n", *names, s.n / 8000.0);
		hear(&s, options.country);
		free(s.pcm);
	}
}

static void conceal(char **a)
{
	struct sound s = load(a[0]);
	char lost[100000];
	int n = 0, c;
	FILE *f = fopen(a[1], "r");
	if (!f)
		fail("cannot read", a[1]);
	while (n < (int)sizeof lost && (c = fgetc(f)) != EOF)
		if (c == '0' || c == '1')
			lost[n++] = (char)c;
	fclose(f);
	spandsp_conceal(&s, lost, n);
	save(a[2], s.pcm, s.n);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *peer, *tool;
		hear_fn *hear;
	} ears[] = {
		{"spandsp", "dtmf", spandsp_dtmf},
		{"spandsp", "callerid", spandsp_callerid},
		{"spandsp", "tones", spandsp_tones},
		{"spandsp", "fax", spandsp_fax},
	};
	if (argc < 4)
		fail("usage:", "peers PEER TOOL FILE...");
	char **names = parse(argv + 3);
	for (size_t i = 0; i < sizeof ears / sizeof *ears; i++)
		if (!strcmp(argv[1], ears[i].peer) && !strcmp(argv[2], ears[i].tool)) {
			each(names, ears[i].hear);
			return 0;
		}
	int spandsp = !strcmp(argv[1], "spandsp"), left = 0;
	while (names[left])
		left++;
	if (!strcmp(argv[2], "echo") && left == 3) {
		struct sound far = load(names[0]), mic = load(names[1]);
		(spandsp ? spandsp_echo : speex_echo)(options.taps, options.suppress, &far, &mic);
		save(names[2], mic.pcm, mic.n);
	} else if (spandsp && !strcmp(argv[2], "conceal") && left == 3) {
		conceal(names);
	} else if (!spandsp && !strcmp(argv[2], "jitter") && left == 1) {
		speex_jitter(names[0]);
	} else {
		fail("has no", argv[2]);
	}
	return 0;
}
