/* role: role.def as functions. */
#include "accounts/account.h"

static const struct {
  const char *name;
  RoleKind kind;
} roles[] = {
#define ROLE(symbol, name, kind, means) {name, kind},
#include "accounts/role.def"
#undef ROLE
};

const char *role_name(Role role) { return roles[role].name; }
RoleKind role_kind(Role role) { return roles[role].kind; }

Role role_find(Text name) {
  Role role = 0;
  while (role < ROLE_COUNT && !text_is(name, roles[role].name)) role++;
  return role;
}

Roles roles_of_kind(RoleKind kind) {
  Roles set = 0;
  for (Role role = 0; role < ROLE_COUNT; role++)
    if (roles[role].kind == kind) set |= ROLE_BIT(role);
  return set;
}

static uint32_t word_length(Text text) {
  uint32_t length = 0;
  while (length < text.length && text.at[length] != ',' && text.at[length] != ' ') length++;
  return length;
}

Roles roles_read(Text names) {
  Roles set = 0;
  while (names.length > 0) {
    const uint32_t length = word_length(names);
    const Role role = role_find((Text){names.at, length});
    if (role == ROLE_COUNT || role_kind(role) == SERVICE) return 0;
    set |= ROLE_BIT(role);
    const uint32_t passed = length < names.length ? length + 1 : length;
    names = (Text){names.at + passed, names.length - passed};
  }
  return set;
}
