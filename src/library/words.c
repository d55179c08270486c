/* words: the word of each value of the public header's closed sets, made from words.def. */
#include <licet/bulk.h>
#include <licet/dose.h>
#include <licet/prove.h>

/* "" for a number that is no value of the enum. */
static const char *word_at(const char *const *words, size_t count, size_t value) {
  return value < count ? words[value] : "";
}
#define WORD_AT(words, value) word_at(words, sizeof words / sizeof *words, (size_t)value)

const char *licet_outcome_name(licet_outcome value) {
  static const char *const words[] = {
#define LICET_OUTCOME(symbol, word) [LICET_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_reason_name(licet_reason value) {
  static const char *const words[] = {
#define LICET_REASON(symbol, word) [LICET_REASON_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_criterion_status_name(licet_criterion_status value) {
  static const char *const words[] = {
#define LICET_CRITERION_STATUS(symbol, word) [LICET_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_request_kind_name(licet_request_kind value) {
  static const char *const words[] = {
#define LICET_REQUEST_KIND(symbol, word) [LICET_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_connective_name(licet_connective value) {
  static const char *const words[] = {
#define LICET_CONNECTIVE(symbol, word) [LICET_CONNECTIVE_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_source_name(licet_source value) {
  static const char *const words[] = {
#define LICET_SOURCE(symbol, word) [LICET_SOURCE_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_fact_type_name(licet_fact_type value) {
  static const char *const words[] = {
#define LICET_FACT_TYPE(symbol, word) [LICET_FACT_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_next_action_name(licet_next_action value) {
  static const char *const words[] = {
#define LICET_NEXT_ACTION(symbol, word) [LICET_NEXT_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_length_unit_name(licet_length_unit value) {
  static const char *const words[] = {
#define LICET_LENGTH_UNIT(symbol, word) [LICET_UNIT_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_severity_name(licet_severity value) {
  static const char *const words[] = {
#define LICET_SEVERITY(symbol, word) [LICET_SEVERITY_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_formula_name(licet_formula value) {
  static const char *const words[] = {
#define LICET_FORMULA(symbol, word) [LICET_FORMULA_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_chosen_by_name(licet_chosen_by value) {
  static const char *const words[] = {
#define LICET_CHOSEN_BY(symbol, word) [LICET_CHOSEN_BY_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_dose_day_kind_name(licet_dose_day_kind value) {
  static const char *const words[] = {
#define LICET_DAY(symbol, word) [LICET_DAY_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_modifier_name(licet_modifier value) {
  static const char *const words[] = {
#define LICET_MODIFIER(symbol, word) [LICET_MODIFIER_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_limit_kind_name(licet_limit_kind value) {
  static const char *const words[] = {
#define LICET_LIMIT(symbol, word) [LICET_LIMIT_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_finding_kind_name(licet_finding_kind value) {
  static const char *const words[] = {
#define LICET_FINDING(symbol, word) [LICET_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_relation_name(licet_relation value) {
  static const char *const words[] = {
#define LICET_RELATION(symbol, word) [LICET_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_topic_name(licet_topic value) {
  static const char *const words[] = {
#define LICET_TOPIC(symbol, word) [LICET_TOPIC_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_unshared_name(licet_unshared value) {
  static const char *const words[] = {
#define LICET_UNSHARED(symbol, word) [LICET_UNSHARED_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_bulk_format_name(licet_bulk_format value) {
  static const char *const words[] = {
#define LICET_BULK_FORMAT(symbol, word) [LICET_BULK_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_registers_name(licet_registers value) {
  static const char *const words[] = {
#define LICET_REGISTERS(symbol, word) [LICET_REGISTERS_##symbol] = word,
#include <licet/words.def>
  };
  return WORD_AT(words, value);
}

const char *licet_request_error_code_name(licet_request_error_code value) {
  static const char *const words[] = {
#define LICET_REQUEST_ERROR(symbol, word, text) [LICET_ERROR_##symbol] = word,
#include <licet/request_error.def>
  };
  return WORD_AT(words, value);
}

const char *licet_dose_finding_kind_name(licet_dose_finding_kind value) {
  static const char *const words[] = {
#define LICET_DOSE_FINDING(symbol, word, severity, text) [LICET_DOSE_##symbol] = word,
#include <licet/dose_finding.def>
  };
  return WORD_AT(words, value);
}
