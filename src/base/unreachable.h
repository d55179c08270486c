/* unreachable: the end of a switch that has named every case.
 *
 * A switch over an enum names its cases and has no `default:`, so that the compiler points at the
 * switch that a new case is missing from. What stands behind it is reached only by a bug of ours;
 * the program then ends here, in a release build too, rather than continue with an answer that
 * nobody chose.
 *
 *     switch (kind) {
 *       case REQUEST_INITIAL: return "initial";
 *       case REQUEST_CONTINUATION: return "continuation";
 *     }
 *     UNREACHABLE();
 */
#ifndef BASE_UNREACHABLE_H
#define BASE_UNREACHABLE_H

#define UNREACHABLE() unreachable_reached(__FILE__, __LINE__)

void unreachable_reached(const char *file, int line) __attribute__((noreturn));

#endif
