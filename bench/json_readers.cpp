/* json_readers: what it costs to read one request of about 2 KB with every token visited, by each
 * reader that was weighed.
 *
 *     make bench-json
 *
 * All run in one process, in turns, so that the machine is the same for all; each number is the
 * median of the turns. "Visited" means: the kind of every value is looked at and the bytes of every
 * key, string and number are added up, so that no reader may put its work off. licet's reader
 * leaves numbers as text; the others make doubles of them, which is what they offer. The sums must
 * agree.
 */
#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <dlfcn.h>
#include <json-c/json.h>
#include <simdjson.h>
namespace from_jansson { /* both it and licet's own header name a JSON_OBJECT */
#include <jansson.h>
}

#include "json/reader.h"

namespace {

struct Visit {
  uint64_t values = 0, keys = 0, bytes = 0; /* bytes: of keys and strings, unescaped */
  bool operator==(const Visit &other) const {
    return values == other.values && keys == other.keys && bytes == other.bytes;
  }
};

volatile uint64_t sink; /* numbers go here */

/* A request as a payer's system sends it: every fact dated and documented, some characters escaped.
 */
const std::string &request() {
  static const std::string text =
      R"({"id":"M-2026-004711","payer":"MassHealth UPPL","line":"medicaid","drug":"blinatumomab","kind":"initial","urgency":"standard",)"
      R"("received":"2026-11-10T14:20:00Z","start":"2026-11-17","facts":{"birth_date":"1966-04-27","weight":"68.4 kg","height":"176 cm",)"
      R"("new_to_plan":false,"prescriber_specialty":"hematology","diagnosis":{"value":"acute_lymphoblastic_leukemia","document":"mh-01",)"
      R"("date":"2026-10-02","source":"requester"},"icd10":{"value":"C91.01","document":"mh-02","date":"2026-10-02"},"lineage":{"value":)"
      R"("b_cell_precursor","document":"mh-03","date":"2026-10-05"},"disease_status":{"value":"remission","document":"mh-04","date":)"
      R"("2026-11-01"},"philadelphia":{"value":"positive","document":"mh-05","date":"2026-10-05"},"mrd":{"value":"positive","document":)"
      R"("mh-08","date":"2026-11-02"},"mrd_level":{"value":0.25,"unit":"%","document":"mh-08","date":"2026-11-02"},"regimen":["tki",)"
      R"("corticosteroid"],"dose_per_day":"28 mcg/day","cycles_requested":2,"prior_therapies":[{"agent":"hyper-CVAD","class":)"
      R"("chemotherapy","systemic":true,"outcome":"responded","document":"mh-rx1","start":"2026-10-03","end":"2026-10-24","cycles":2},)"
      R"({"agent":"dasatinib","class":"tki","systemic":true,"outcome":"responded","document":"mh-rx2","start":"2026-10-03","dose_mg":140},)"
      R"({"agent":"methotrexate","class":"chemotherapy","systemic":true,"outcome":"inadequate","document":"mh-rx3","dose_g":1.25}],)"
      R"("prior_therapies_complete":true,"remission_number":{"value":1,"document":"mh-06"},"induction_response":{"value":"complete",)"
      R"("document":"mh-07","note":"BCR::ABL1 \u2264 0.1 %\nafter induction"},"toxicity":{"value":"none","source":"reviewer"},)"
      R"("performance_status":{"value":1,"document":"mh-09","date":"2026-11-03"},"line_of_therapy":2,"ejection_fraction":{"value":"58 %",)"
      R"("document":"mh-10","date":"2026-10-30"},"body_surface_area":{"value":"1.83 m2","source":"requester","date":"2026-11-05"},)"
      R"("treatment_phase":"consolidation","currently_on_drug":false,"drug_source":null,"consulted_specialty":null,)"
      R"("remarks":"Patient \"doing well\"; plan: two cycles, then transplant evaluation at the same centre."}})";
  return text;
}

/* ---- licet ---- */

JsonReader *shim;

Visit by_licet(const std::string &text) {
  Visit visit;
  const JsonToken *tokens;
  const char *message;
  size_t offset;
  uint32_t count;
  if (json_read(shim, text.data(), text.size(), &tokens, &count, &message, &offset) != JSON_OK)
    abort();
  for (uint32_t i = 0; i < count; ++i) {
    if (tokens[i].kind == JSON_KEY)
      visit.keys++;
    else
      visit.values++;
    if (tokens[i].kind == JSON_KEY || tokens[i].kind == JSON_STRING)
      visit.bytes += tokens[i].length;
    if (tokens[i].kind == JSON_NUMBER) sink = tokens[i].length;
  }
  return visit;
}

/* ---- simdjson's own two interfaces ---- */

simdjson::dom::parser *dom_parser;
simdjson::ondemand::parser *ondemand_parser;
std::string padded; /* ondemand reads from the caller's buffer, which must be padded: the copy is
                       part of the cost, as it is of ours */

void visit_dom(simdjson::dom::element element, Visit *visit) {
  visit->values++;
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY: {
      simdjson::dom::array array;
      if (element.get(array)) abort();
      for (auto child : array) visit_dom(child, visit);
      break;
    }
    case simdjson::dom::element_type::OBJECT: {
      simdjson::dom::object object;
      if (element.get(object)) abort();
      for (auto field : object) {
        visit->keys++;
        visit->bytes += field.key.size();
        visit_dom(field.value, visit);
      }
      break;
    }
    case simdjson::dom::element_type::STRING:
      visit->bytes += element.get_string().value_unsafe().size();
      break;
    case simdjson::dom::element_type::DOUBLE:
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64: {
      double number = 0;
      if (element.get(number)) abort();
      sink = (uint64_t)number;
      break;
    }
    case simdjson::dom::element_type::BOOL:
    case simdjson::dom::element_type::NULL_VALUE:
      break;
  }
}

Visit by_dom(const std::string &text) {
  Visit visit;
  simdjson::dom::element root;
  if (dom_parser->parse(text.data(), text.size(), true).get(root)) abort();
  visit_dom(root, &visit);
  return visit;
}

void visit_ondemand(simdjson::ondemand::value value, Visit *visit) {
  visit->values++;
  simdjson::ondemand::json_type type;
  if (value.type().get(type)) abort();
  switch (type) {
    case simdjson::ondemand::json_type::array: {
      simdjson::ondemand::array array;
      if (value.get(array)) abort();
      for (auto child : array) visit_ondemand(child.value_unsafe(), visit);
      break;
    }
    case simdjson::ondemand::json_type::object: {
      simdjson::ondemand::object object;
      if (value.get(object)) abort();
      for (auto result : object) {
        simdjson::ondemand::field field;
        std::string_view key;
        if (std::move(result).get(field) || field.unescaped_key().get(key)) abort();
        visit->keys++;
        visit->bytes += key.size();
        visit_ondemand(field.value(), visit);
      }
      break;
    }
    case simdjson::ondemand::json_type::string: {
      std::string_view string;
      if (value.get_string().get(string)) abort();
      visit->bytes += string.size();
      break;
    }
    case simdjson::ondemand::json_type::number: {
      double number;
      if (value.get_double().get(number)) abort();
      sink = (uint64_t)number;
      break;
    }
    case simdjson::ondemand::json_type::boolean: {
      bool boolean;
      if (value.get_bool().get(boolean)) abort();
      break;
    }
    case simdjson::ondemand::json_type::null: {
      bool is_null;
      if (value.is_null().get(is_null)) abort();
      break;
    }
  }
}

Visit by_ondemand(const std::string &text) {
  Visit visit;
  memcpy(&padded[0], text.data(), text.size());
  simdjson::ondemand::document document;
  simdjson::ondemand::value root;
  if (ondemand_parser->iterate(padded.data(), text.size(), padded.size()).get(document) ||
      document.get_value().get(root))
    abort();
  visit_ondemand(root, &visit);
  return visit;
}

/* ---- json-c ---- */

void visit_json_c(json_object *value, Visit *visit) {
  visit->values++;
  switch (json_object_get_type(value)) {
    case json_type_object: {
      json_object_object_foreach(value, key, child) {
        visit->keys++;
        visit->bytes += strlen(key);
        visit_json_c(child, visit);
      }
      break;
    }
    case json_type_array:
      for (size_t i = 0; i < json_object_array_length(value); ++i)
        visit_json_c(json_object_array_get_idx(value, i), visit);
      break;
    case json_type_string:
      visit->bytes += (uint64_t)json_object_get_string_len(value);
      break;
    case json_type_int:
    case json_type_double:
      sink = (uint64_t)json_object_get_double(value);
      break;
    case json_type_boolean:
    case json_type_null:
      break;
  }
}

json_tokener *tokener;

Visit by_json_c(const std::string &text) {
  Visit visit;
  json_tokener_reset(tokener);
  json_object *root = json_tokener_parse_ex(tokener, text.data(), (int)text.size());
  if (!root) abort();
  visit_json_c(root, &visit);
  json_object_put(root);
  return visit;
}

/* ---- jansson ---- */

/* json-c exports a json_object_iter_next too; only the symbols' versions distinguish them. */
const auto jansson_iter_next = (void *(*)(from_jansson::json_t *, void *))dlvsym(
    RTLD_DEFAULT, "json_object_iter_next", "libjansson.so.4");

void visit_jansson(from_jansson::json_t *value, Visit *visit) {
  visit->values++;
  switch (value->type) {
    case from_jansson::JSON_OBJECT:
      for (void *at = from_jansson::json_object_iter(value); at;
           at = jansson_iter_next(value, at)) {
        visit->keys++;
        visit->bytes += strlen(from_jansson::json_object_iter_key(at));
        visit_jansson(from_jansson::json_object_iter_value(at), visit);
      }
      break;
    case from_jansson::JSON_ARRAY:
      for (size_t i = 0; i < from_jansson::json_array_size(value); ++i)
        visit_jansson(from_jansson::json_array_get(value, i), visit);
      break;
    case from_jansson::JSON_STRING:
      visit->bytes += from_jansson::json_string_length(value);
      break;
    case from_jansson::JSON_INTEGER:
    case from_jansson::JSON_REAL:
      sink = (uint64_t)from_jansson::json_number_value(value);
      break;
    case from_jansson::JSON_TRUE:
    case from_jansson::JSON_FALSE:
    case from_jansson::JSON_NULL:
      break;
  }
}

Visit by_jansson(const std::string &text) {
  Visit visit;
  from_jansson::json_error_t error;
  from_jansson::json_t *root = from_jansson::json_loadb(text.data(), text.size(), 0, &error);
  if (!root) abort();
  visit_jansson(root, &visit);
  from_jansson::json_decref(root);
  return visit;
}

/* ---- measuring ---- */

struct Contestant {
  const char *name;
  Visit (*read)(const std::string &);
  std::vector<double> nanoseconds;
};

const int turns = 2001, reads_in_a_turn = 20;

void take_turn(Contestant *contestant, const Visit &expected) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < reads_in_a_turn; ++i)
    if (!(contestant->read(request()) == expected)) {
      fprintf(stderr, "json_readers: %s reads something else\n", contestant->name);
      exit(1);
    }
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - begin;
  contestant->nanoseconds.push_back(spent.count() / reads_in_a_turn);
}

double median(std::vector<double> *numbers) {
  std::sort(numbers->begin(), numbers->end());
  return (*numbers)[numbers->size() / 2];
}

}  // namespace

int main() {
  shim = json_open();
  dom_parser = new simdjson::dom::parser;
  ondemand_parser = new simdjson::ondemand::parser;
  padded.resize(request().size() + simdjson::SIMDJSON_PADDING);
  tokener = json_tokener_new();
  if (!shim || !tokener) abort();

  Contestant contestants[] = {{"licet (simdjson's first stage, own walk)", by_licet, {}},
                              {"simdjson dom", by_dom, {}},
                              {"simdjson ondemand", by_ondemand, {}},
                              {"json-c", by_json_c, {}},
                              {"jansson", by_jansson, {}}};
  const Visit expected = by_licet(request());
  for (int turn = 0; turn < turns; ++turn)
    for (Contestant &contestant : contestants) take_turn(&contestant, expected);

  const double ours = median(&contestants[0].nanoseconds);
  printf(
      "one request of %zu bytes, %llu values and %llu keys, all visited; simdjson runs as %s\n\n",
      request().size(), (unsigned long long)expected.values, (unsigned long long)expected.keys,
      simdjson::get_active_implementation()->name().c_str());
  printf("%-42s %10s %8s\n", "reader", "median µs", "ratio");
  for (Contestant &contestant : contestants) {
    const double its = median(&contestant.nanoseconds);
    printf("%-42s %9.2f %8.1f\n", contestant.name, its / 1000, its / ours);
  }
  json_tokener_free(tokener);
  delete ondemand_parser;
  delete dom_parser;
  json_close(shim);
  return 0;
}
