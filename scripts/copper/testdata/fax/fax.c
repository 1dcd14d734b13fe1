/* A fax machine on standard input and output, made of Debian's libspandsp, for the
 * checks in the folder above:
 *
 *   fax make PAGE.tif SEED ROWS   draws a page like a letter, another for each seed
 *   fax send PAGE.tif MODEM       calls and sends it
 *   fax receive PAGE.tif MODEM    answers and receives
 *   fax compare A.tif B.tif       tells whether both pages are the same, dot by dot
 *
 * MODEM is the fastest it may use: v27, v29 or v17. Sound is 8 kHz, 16 bit, little
 * endian, in frames of 80 samples: for each that is read one is written, so that
 * whoever holds the pipes is the clock. At the end of the call it writes one line
 * to standard error, "result=0 pages=1 rows=1078 bad=0 rate=9600 ecm=0 text=...",
 * and ends two seconds of sound later. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <tiffio.h>

#include <spandsp.h>

enum { FRAME = 80, WIDTH = 1728, BYTES = WIDTH / 8, LINGER = 200 };

static int ended;

static void phase_e(t30_state_t *s, void *user, int result) {
  t30_stats_t t;
  (void)user;
  t30_get_transfer_statistics(s, &t);
  fprintf(stderr, "result=%d pages=%d rows=%d bad=%d rate=%d ecm=%d text=%s\n", result,
          t.pages_tx + t.pages_rx, t.length, t.bad_rows, t.bit_rate, t.error_correcting_mode,
          t30_completion_code_to_str(result));
  fflush(stderr);
  ended = 1;
}

static int modems(const char *name) {
  if (!strcmp(name, "v17")) return T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17;
  if (!strcmp(name, "v29")) return T30_SUPPORT_V27TER | T30_SUPPORT_V29;
  return T30_SUPPORT_V27TER;
}

static int call(int sends, const char *file, const char *modem) {
  int16_t in[FRAME], out[FRAME];
  int linger = 0;
  fax_state_t *fax = fax_init(NULL, sends);
  if (!fax) return 2;
  t30_state_t *t30 = fax_get_t30_state(fax);
  t30_set_tx_ident(t30, sends ? "1001" : "1002");
  if (sends)
    t30_set_tx_file(t30, file, -1, -1);
  else
    t30_set_rx_file(t30, file, -1);
  t30_set_supported_modems(t30, modems(modem));
  t30_set_ecm_capability(t30, FALSE); /* errors are to be seen, not repaired */
  t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION);
  t30_set_supported_image_sizes(t30, T30_SUPPORT_US_LETTER_LENGTH | T30_SUPPORT_215MM_WIDTH | T30_SUPPORT_UNLIMITED_LENGTH);
  t30_set_supported_resolutions(t30, T30_SUPPORT_STANDARD_RESOLUTION | T30_SUPPORT_FINE_RESOLUTION);
  t30_set_phase_e_handler(t30, phase_e, NULL);
  fax_set_transmit_on_idle(fax, TRUE);
  while (linger < LINGER && fread(in, sizeof in[0], FRAME, stdin) == FRAME) {
    fax_rx(fax, in, FRAME);
    int n = fax_tx(fax, out, FRAME);
    if (n < 0) n = 0;
    memset(out + n, 0, (FRAME - n) * sizeof out[0]);
    if (fwrite(out, sizeof out[0], FRAME, stdout) != FRAME || fflush(stdout)) break;
    linger += ended;
  }
  fax_release(fax);
  return !ended;
}

/* draw makes lines of words, as a letter has them, with noise in between, so that
 * no two rows are the same for long. */
static int draw(const char *file, unsigned seed, int rows) {
  uint8_t row[BYTES];
  uint64_t x = seed * 2654435761u + 88172645463325252ull;
  TIFF *t = TIFFOpen(file, "w");
  if (!t) return 2;
  TIFFSetField(t, TIFFTAG_IMAGEWIDTH, WIDTH);
  TIFFSetField(t, TIFFTAG_IMAGELENGTH, rows);
  TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, rows);
  TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_CCITT_T4);
  TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(t, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
  TIFFSetField(t, TIFFTAG_XRESOLUTION, 204.0);
  TIFFSetField(t, TIFFTAG_YRESOLUTION, 98.0);
  TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  for (int y = 0; y < rows; y++) {
    memset(row, 0, sizeof row);
    if (y % 16 < 11) /* a line of text, else the space between two */
      for (int i = 20; i < BYTES - 20; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        if ((i * 7 + y / 16 * 3) % 13 > 2 && x % 7 == 0) row[i] = x >> 20;
      }
    if (TIFFWriteScanline(t, row, y, 0) < 0) return 2;
  }
  TIFFClose(t);
  return 0;
}

static int compare(const char *a, const char *b) {
  TIFF *t[2] = {TIFFOpen(a, "r"), TIFFOpen(b, "r")};
  uint32_t w[2] = {0}, h[2] = {0};
  uint16_t photo[2] = {0};
  uint8_t row[2][BYTES];
  int wrong = 0;
  for (int i = 0; i < 2; i++) {
    if (!t[i]) return 2;
    TIFFGetField(t[i], TIFFTAG_IMAGEWIDTH, &w[i]);
    TIFFGetField(t[i], TIFFTAG_IMAGELENGTH, &h[i]);
    TIFFGetField(t[i], TIFFTAG_PHOTOMETRIC, &photo[i]);
    if (w[i] != WIDTH || TIFFScanlineSize(t[i]) != BYTES) return 2;
  }
  for (uint32_t y = 0; y < h[0] && y < h[1]; y++) {
    for (int i = 0; i < 2; i++)
      if (TIFFReadScanline(t[i], row[i], y, 0) < 0) return 2;
    if (photo[0] != photo[1])
      for (int k = 0; k < BYTES; k++) row[1][k] ^= 0xff;
    wrong += memcmp(row[0], row[1], BYTES) != 0;
  }
  printf("rows=%u,%u wrong=%d\n", h[0], h[1], wrong);
  return h[0] != h[1] || wrong;
}

int main(int n, char **v) {
  if (n == 5 && !strcmp(v[1], "make")) return draw(v[2], atoi(v[3]), atoi(v[4]));
  if (n == 4 && !strcmp(v[1], "send")) return call(1, v[2], v[3]);
  if (n == 4 && !strcmp(v[1], "receive")) return call(0, v[2], v[3]);
  if (n == 4 && !strcmp(v[1], "compare")) return compare(v[2], v[3]);
  fputs("usage: see the beginning of fax.c\n", stderr);
  return 2;
}
