/* session: who asks. People sign in and hold a cookie; a change must also bring the session's CSRF
 * token, which another page cannot know. Programs send a bearer token. */
#include "serve/exchange.h"

#include <sodium.h>

/* ---- Authenticating ---- */

static bool is_change(Text method) { return !text_is(method, "GET") && !text_is(method, "HEAD"); }

static bool is_same(Text given, Secret expected) {
  return given.length == SECRET_TEXT && sodium_memcmp(given.at, expected.text, SECRET_TEXT) == 0;
}

static bool by_token(Exchange *exchange, Text header) {
  const Text scheme = TEXT("Bearer ");
  if (header.length <= scheme.length ||
      !text_equal_ignoring_case((Text){header.at, scheme.length}, scheme))
    return refuse(&exchange->refusal, REFUSAL_UNAUTHENTICATED, NULL);
  const Text token = {header.at + scheme.length, header.length - scheme.length};
  const StoreStatus status = account_by_secret(exchange->service->cases.store, &exchange->arena,
                                               SECRET_TOKEN, token, &exchange->account);
  return status == STORE_NOT_FOUND ? refuse(&exchange->refusal, REFUSAL_UNAUTHENTICATED, NULL)
                                   : refuse_status(&exchange->refusal, status);
}

static bool by_cookie(Exchange *exchange, Text session) {
  const StoreStatus status = account_by_secret(exchange->service->cases.store, &exchange->arena,
                                               SECRET_SESSION, session, &exchange->account);
  if (status == STORE_NOT_FOUND) return refuse(&exchange->refusal, REFUSAL_UNAUTHENTICATED, NULL);
  if (status != STORE_OK) return refuse_status(&exchange->refusal, status);
  exchange->session = session;
  if (is_change(exchange->method) &&
      !is_same(exchange_header(exchange, "X-CSRF-Token"), account_csrf(session)))
    return refuse(&exchange->refusal, REFUSAL_FORBIDDEN,
                  "Send the session's CSRF token as X-CSRF-Token.");
  return true;
}

bool exchange_authenticate(Exchange *exchange) {
  const Text header = exchange_header(exchange, "Authorization");
  const Text session = exchange_cookie(exchange, SESSION_COOKIE);
  if (header.length > 0) return by_token(exchange, header);
  if (session.length > 0) return by_cookie(exchange, session);
  return refuse(&exchange->refusal, REFUSAL_UNAUTHENTICATED, NULL);
}

/* ---- Signing in and out ---- */

static const char *cookie_text(Exchange *exchange, const char *session, int seconds) {
  return arena_format(&exchange->arena,
                      SESSION_COOKIE
                      "=%s; Path=/; Max-Age=%d; HttpOnly; "
                      "SameSite=Strict%s",
                      session, seconds, exchange->service->is_secure ? "; Secure" : "");
}

void serve_sign_in(Exchange *exchange) {
  Secret session;
  JsonWriter json;
  const Text name = json_text_of(json_member(exchange->json, "name"));
  const Text password = json_text_of(json_member(exchange->json, "password"));
  const StoreStatus status =
      account_sign_in(exchange->service->cases.store, &exchange->arena, name, password, &session);
  if (status == STORE_NOT_FOUND) {
    refuse(&exchange->refusal, REFUSAL_UNAUTHENTICATED,
           "Name and password do not belong together.");
    return;
  }
  if (!refuse_status(&exchange->refusal, status)) return;
  exchange->status = 200;
  exchange->cookie = cookie_text(exchange, session.text, SESSION_HOURS * 3600);
  json_writer_open(&json, &exchange->answer);
  json_begin_object(&json);
  json_string_member(&json, "csrf", account_csrf(text_of(session.text)).text);
  json_end_object(&json);
  json_writer_close(&json);
}

void serve_sign_out(Exchange *exchange) {
  if (exchange->session.length == 0) {
    refuse(&exchange->refusal, REFUSAL_FORBIDDEN, "A token is revoked, not signed out.");
    return;
  }
  if (!refuse_status(&exchange->refusal,
                     account_sign_out(exchange->service->cases.store, exchange->session)))
    return;
  exchange->status = 204;
  exchange->cookie = cookie_text(exchange, "", 0);
}
