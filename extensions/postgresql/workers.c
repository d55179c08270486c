#include "workers.h"

#include <access/parallel.h>
#include <utils/guc.h>

#define INHERITED "inherited"

static char *leader;      /* licet.leader: the handle of the leader's texts, INHERITED, or "" */
static Opened *inherited; /* what the server opened at its start, in this process too */
static bool publishing;   /* the setting is being changed by workers_follow */

/* A worker takes what its leader has; nobody else may set it. */
static bool check_leader(char **value, void **extra, GucSource source) {
  (void)extra;
  if (source == PGC_S_DEFAULT || publishing || InitializingParallelWorker) return true;
  GUC_check_errmsg("parameter \"licet.leader\" is set by licet alone");
  (void)value;
  return false;
}

void workers_start(void) {
  DefineCustomStringVariable(
      "licet.leader", "The policies by which parallel workers decide.",
      "Set by licet when it starts workers.", &leader, "", PGC_SUSET,
      GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, check_leader,
      NULL, NULL);
}

void workers_inherit(Opened *opened) { inherited = opened_retain(opened); }

/* An aborted transaction takes the setting back, so what stands in it is compared each time. */
void workers_follow(Opened *opened) {
  char handle[32] = "";
  if (opened != NULL && opened == inherited)
    strcpy(handle, INHERITED);
  else if (opened != NULL)
    snprintf(handle, sizeof handle, "%u", opened_share(opened));
  if (leader != NULL && strcmp(leader, handle) == 0) return;
  publishing = true;
  PG_TRY();
  { SetConfigOption("licet.leader", handle, PGC_SUSET, PGC_S_SESSION); }
  PG_FINALLY();
  { publishing = false; }
  PG_END_TRY();
}

/* The leader could not open the folder, or did not know that its statement would. Where the folder
 * has errors they are the reason; where it opens now, it did not then, and other workers may have
 * found it so: nobody decides. A module that the leader has not loaded has no settings in its
 * workers, so the folder may be unknown. */
static void complain_of_leader(const char *folder) {
  if (folder[0] != '\0') opened_release(opened_folder(folder, ERROR));
  ereport(
      ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
      errmsg("the policies were not open when this parallel statement began"),
      errhint("Run the statement again. Where licet is called within other functions only, call "
              "licet_version() in the session first."));
}

Opened *workers_opened(const char *folder) {
  static Opened *opened;
  if (opened == NULL) {
    if (leader == NULL || leader[0] == '\0') complain_of_leader(folder);
    opened = strcmp(leader, INHERITED) == 0 ? inherited
                                            : opened_shared((dsm_handle)strtoul(leader, NULL, 10));
  }
  if (strcmp(folder, opened_folder_name(opened)) != 0)
    ereport(ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
            errmsg("a parallel worker decides by the policies of its leader only"),
            errdetail("The leader has those in \"%s\"; licet.policies names \"%s\" here.",
                      opened_folder_name(opened), folder),
            errhint("Declare the function that sets licet.policies PARALLEL UNSAFE."));
  return opened;
}
