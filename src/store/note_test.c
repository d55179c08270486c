/* Signed notes: what is signed verifies, and no other text, key or name does. The key and the note
 * of `another_program` come from the documentation of Go's package golang.org/x/mod/sumdb/note. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/note.h"

static Arena arena;

static int start(void **state) {
  (void)state;
  arena_open(&arena);
  return sodium_init() < 0;
}

static int finish(void **state) {
  (void)state;
  arena_close(&arena);
  return 0;
}

static Text changed(Text text, uint32_t at) {
  char *copy = arena_copy(&arena, text.at, text.length);
  copy[at] ^= 1;
  return (Text){copy, text.length};
}

static void what_is_signed_verifies_by_its_key_alone(void **state) {
  (void)state;
  NoteKey key = note_key_new(TEXT("ledger")), other = note_key_new(TEXT("ledger")), read;
  const Text text = TEXT("ledger\n7\nhead\n");
  const Text note = note_sign(&arena, text, &key);
  Text opened;
  assert_true(note_open(note, &key, &opened));
  assert_true(text_equal(opened, text));
  assert_false(note_open(note, &other, &opened));
  assert_true(note_key_read(note_key_write(&arena, &key), &read));
  assert_false(read.can_sign);
  assert_true(note_open(note, &read, &opened));
  assert_true(note_key_read(note_key_write_private(&arena, &key), &read));
  assert_true(read.can_sign);
  assert_memory_equal(read.signs, key.signs, sizeof key.signs);
}

static void a_note_with_any_bit_changed_does_not(void **state) {
  (void)state;
  NoteKey key = note_key_new(TEXT("ledger"));
  const Text note = note_sign(&arena, TEXT("ledger\n7\nhead\n"), &key);
  Text opened;
  for (uint32_t i = 0; i + 1 < note.length; i++)
    assert_false(note_open(changed(note, i), &key, &opened));
  for (uint32_t length = 0; length < note.length; length++)
    assert_false(note_open((Text){note.at, length}, &key, &opened));
}

static void a_key_with_anything_changed_is_none(void **state) {
  (void)state;
  NoteKey key = note_key_new(TEXT("ledger")), read;
  const Text text = note_key_write(&arena, &key);
  for (uint32_t i = 0; i < text.length; i++) assert_false(note_key_read(changed(text, i), &read));
  for (uint32_t length = 0; length < text.length; length++)
    assert_false(note_key_read((Text){text.at, length}, &read));
}

static void notes_of_another_program_verify(void **state) {
  (void)state;
  NoteKey key;
  Text opened;
  assert_true(note_key_read(
      TEXT("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key));
  const Text note = TEXT(
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n"
      "\n"
      "\xe2\x80\x94 PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
      "\n");
  assert_true(note_open(note, &key, &opened));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_signed_verifies_by_its_key_alone),
      cmocka_unit_test(a_note_with_any_bit_changed_does_not),
      cmocka_unit_test(a_key_with_anything_changed_is_none),
      cmocka_unit_test(notes_of_another_program_verify),
  };
  return cmocka_run_group_tests(tests, start, finish);
}
