/* body_surface: the body's surface from height and weight, by the formulas in use.
 *
 *     Mosteller      sqrt(h w / 3600)                   h in cm, w in kg, m2
 *     DuBois         0.007184 h^0.725   w^0.425
 *     Haycock        0.024265 h^0.3964  w^0.5378
 *     Gehan-George   0.0235   h^0.42246 w^0.51456
 *
 * The result is rounded down to the ninth decimal place. All of it is arithmetic on whole numbers,
 * so every machine computes the same: the powers go by binary logarithms of 60 places.
 */
#ifndef DOSING_BODY_SURFACE_H
#define DOSING_BODY_SURFACE_H

#include "base/quantity.h"

typedef enum Formula {
  FORMULA_MOSTELLER,
  FORMULA_DUBOIS,
  FORMULA_HAYCOCK,
  FORMULA_GEHAN_GEORGE,
  FORMULAS
} Formula;

/* "mosteller", "dubois", "haycock", "gehan_george": the word on the wire. */
Text formula_word(Formula formula);
/* "Mosteller", "DuBois", … for people. */
const char *formula_name(Formula formula);
/* Without regard to case, spaces, hyphens and underscores: "Du Bois", "gehan-george". */
bool formula_named(Text name, Formula *formula);

/* False where height or weight is not above 0, or the surface does not fit. */
bool body_surface(Formula formula, Amount height_m, Amount weight_mg, Amount *area_m2);

#endif
