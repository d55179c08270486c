// engines: those that run in this process. Each is { name, isSlow, decide(requests) → outcomes }; `decide` is what is timed, on objects that are parsed already.
//
// An engine's true is approve, its false refer, and nothing (null, undefined) pend; an exception is "error".
'use strict';

const { names } = require('./rule');
const translate = require('./translate');

const toOutcome = (answer) => (answer === true ? 'approve' : answer === null || answer === undefined ? 'pend' : 'refer');

function guarded(decideOne) {
  return async (requests) => {
    const outcomes = new Array(requests.length);
    for (let i = 0; i < requests.length; i++) {
      try {
        outcomes[i] = toOutcome(decideOne(requests[i]));
      } catch {
        outcomes[i] = 'error';
      }
    }
    return outcomes;
  };
}

function guardedLater(decideOne) {
  return async (requests) => {
    const outcomes = new Array(requests.length);
    for (let i = 0; i < requests.length; i++) {
      try {
        outcomes[i] = toOutcome(await decideOne(requests[i]));
      } catch {
        outcomes[i] = 'error';
      }
    }
    return outcomes;
  };
}

function jsonLogic() {
  const engine = require('json-logic-js');
  const rule = translate.jsonLogic();
  return { name: 'json-logic-js', decide: guarded((request) => engine.apply(rule, request)) };
}

function zenExpression() {
  const { evaluateExpressionSync } = require('@gorules/zen-engine');
  const expression = translate.zenExpression();
  return { name: 'GoRules Zen, an expression', decide: guarded((request) => evaluateExpressionSync(expression, request)) };
}

function zenDecision() {
  const { ZenEngine } = require('@gorules/zen-engine');
  const decision = new ZenEngine().createDecision(translate.zenDecision());
  return { name: 'GoRules Zen, a decision', decide: guardedLater(async (request) => (await decision.evaluate(request)).result.approved) };
}

function cqlExecution() {
  const cql = require('cql-execution');
  const library = new cql.Library(translate.elmLibrary());
  const executor = new cql.Executor(library);
  // A parameter that is not given is undefined to it, which its Or takes for false: so what is not known is given as null.
  const unknown = Object.fromEntries(names.map((name) => [name, null]));
  const nobody = { currentPatient: () => undefined, nextPatient: () => undefined }; // all that is known are parameters
  const decideOne = async (request) => (await executor.withParameters({ ...unknown, ...request }).exec(nobody)).unfilteredResults.Approved;
  return { name: 'cql-execution', decide: guardedLater(decideOne) };
}

// What Cedar cannot evaluate it skips and denies; the error says that a fact is missing, and counts as not known.
const cedarCall = (request) => ({
  principal: { type: 'Plan', id: 'plan' }, action: { type: 'Action', id: 'approve' }, resource: { type: 'Request', id: 'request' },
  context: request, entities: [],
});

function cedar() {
  const engine = require('@cedar-policy/cedar-wasm/nodejs');
  engine.preparsePolicySet('peer', { staticPolicies: translate.cedarPolicy() });
  const decideOne = (request) => {
    const { decision, diagnostics } = engine.statefulIsAuthorized({ ...cedarCall(request), preparsedPolicySetId: 'peer' }).response;
    return decision === 'allow' ? true : diagnostics.errors.length > 0 ? null : false;
  };
  return { name: 'Cedar', isSlow: true, decide: guarded(decideOne) };
}

// Partial evaluation: what is missing is declared unknown, and where a residual is left there is no decision. It takes the policy as text every time.
function cedarPartial() {
  const engine = require('@cedar-policy/cedar-wasm/nodejs');
  const policies = { staticPolicies: translate.cedarPolicy() };
  const unknown = Object.fromEntries(names.map((name) => [name, { __extn: { fn: 'unknown', arg: name } }]));
  const decideOne = (request) => {
    const { decision } = engine.isAuthorizedPartial({ ...cedarCall({ ...unknown, ...request }), policies }).response;
    return decision === null ? null : decision === 'allow';
  };
  return { name: 'Cedar, partial evaluation', isSlow: true, decide: guarded(decideOne) };
}

// An ES module, so it is there only later; nobody decides before.
function feelin() {
  let evaluate;
  const loading = import('feelin').then((module) => (evaluate = module.evaluate));
  const expression = translate.feel();
  const decide = guarded((request) => evaluate(expression, request).value);
  return { name: 'FEEL, feelin', isSlow: true, decide: async (requests) => (await loading, decide(requests)) };
}

module.exports = [jsonLogic, zenExpression, zenDecision, cqlExecution, cedar, cedarPartial, feelin];
