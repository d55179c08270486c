-- licet 0.1.0 for PostgreSQL. What a request and a determination hold: docs/determination.md of licet.
\echo Use "CREATE EXTENSION licet" to load this file. \quit

-- STABLE, not IMMUTABLE: the same request is decided differently when the policies change, so no index may be built on it.
CREATE FUNCTION licet_decide(request jsonb, policy text DEFAULT NULL) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'licet_sql_decide' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION licet_decide(jsonb, text) IS 'the determination of a request, by the policy it names or the one given';

CREATE FUNCTION licet_outcome(request jsonb, policy text DEFAULT NULL) RETURNS text
  AS 'MODULE_PATHNAME', 'licet_sql_outcome' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION licet_outcome(jsonb, text) IS 'approve, pend, refer or no_policy';

CREATE FUNCTION licet_reason(request jsonb, policy text DEFAULT NULL) RETURNS text
  AS 'MODULE_PATHNAME', 'licet_sql_reason' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION licet_reason(jsonb, text) IS 'why a request is referred; NULL where it is not';

CREATE FUNCTION licet_errors(request jsonb, policy text DEFAULT NULL) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'licet_sql_errors' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION licet_errors(jsonb, text) IS 'every fault of a request that cannot be decided; NULL where it can';

-- To be called in FROM: PostgreSQL writes (licet_answer(request)).* out as a call for each column.
CREATE FUNCTION licet_answer(request jsonb, policy text DEFAULT NULL, OUT outcome text, OUT reason text, OUT errors jsonb,
                             OUT version_digest text, OUT engine text) RETURNS record
  AS 'MODULE_PATHNAME', 'licet_sql_answer' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION licet_answer(jsonb, text) IS 'outcome and reason of a request decided once; where it cannot be, its errors instead of an error';

CREATE FUNCTION licet_reload() RETURNS integer
  AS 'MODULE_PATHNAME', 'licet_sql_reload' LANGUAGE C VOLATILE PARALLEL UNSAFE;
REVOKE EXECUTE ON FUNCTION licet_reload() FROM PUBLIC;
COMMENT ON FUNCTION licet_reload() IS 'every backend reads its folder of policies again, at its next statement; how many policies the folder of this one holds';

CREATE FUNCTION licet_version() RETURNS text
  AS 'MODULE_PATHNAME', 'licet_sql_version' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION licet_version() IS 'the version of the engine';
