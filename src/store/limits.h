/* limits: what a payload may hold. A determination nests as deep as a policy's outline, so a
 * payload may hold more than a request. */
#ifndef STORE_LIMITS_H
#define STORE_LIMITS_H

#include "base/limits.h"
#include "json/value.h"
#include "json/writer.h"

#define LIMIT_PAYLOAD_BYTES LIMIT(16u << 20, 1u << 20)
#define LIMIT_PAYLOAD_TOKENS LIMIT(1u << 20, 1u << 16)

#define PAYLOAD_LIMITS ((JsonLimits){LIMIT_PAYLOAD_BYTES, LIMIT_PAYLOAD_TOKENS, JSON_LEVELS - 16})

#endif
