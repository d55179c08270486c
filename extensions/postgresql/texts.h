/* texts: those of licet are UTF-8, those of a database in its encoding. */
#ifndef LICET_TEXTS_H
#define LICET_TEXTS_H

#include <postgres.h>

/* The results are the arguments themselves where both encodings are one. */
const char *to_database(const char *words);
const char *to_licet(const char *words, size_t *length);

#endif
