// engines: those that run in this process. Each is { name, decide(requests) → outcomes }; `decide` is what is timed, on objects that are parsed already.
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

module.exports = [jsonLogic, zenExpression, zenDecision, cqlExecution];
