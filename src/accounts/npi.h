/* npi: national provider identifiers, known by their check digit. */
#ifndef ACCOUNTS_NPI_H
#define ACCOUNTS_NPI_H

#include "base/text.h"

/* Ten digits whose last is the Luhn check digit over 80840 and the first nine (45 CFR 162.406). */
bool npi_is_valid(Text text);

#endif
